// Loaded into s6-tlsd by `npm run profile:startup`: notes when it passes certain points, from outside, by wrapping what it calls of
// Node. At exit it writes them, in milliseconds of the epoch, into the file that PROFILE_STARTUP names.
import { writeFileSync } from 'node:fs';
import Module from 'node:module';
import type { Point } from './points.ts';

const points: Partial<Record<Point, number>> = {};
const passed = (point: Point): void => {
  points[point] ??= performance.timeOrigin + performance.now();
};
passed('booted');

type Callable = (...parameters: unknown[]) => unknown;

/** Replaces a function or a class by one that notes its first call and its first return. */
const note = (owner: object, name: string, called: Point | undefined, returned?: Point): void => {
  const original = Reflect.get(owner, name) as Callable;
  const noted = new Proxy(original, {
    apply(target, self, parameters: unknown[]) {
      if (called !== undefined) passed(called);
      const result = Reflect.apply(target, self, parameters);
      if (returned !== undefined) passed(returned);
      return result;
    },
    construct(target, parameters: unknown[]) {
      if (called !== undefined) passed(called);
      const made = Reflect.construct(target, parameters) as object;
      if (returned !== undefined) passed(returned);
      return made;
    },
  });
  Object.defineProperty(owner, name, { value: noted, configurable: true, enumerable: true, writable: true });
};

// A module is wrapped when the program asks for it: loaded here, its time would be missing there.
const wrap: Readonly<Record<string, (exported: never) => void>> = {
  'node:vm': (vm: object) => {
    passed('started');
    note(vm, 'Script', undefined, 'compiled');
  },
  'node:net': (net: typeof import('node:net')) => {
    note(net, 'Socket', 'context');
    note(net.Socket.prototype, '_writeGeneric', 'serverHello');
  },
  'node:tls': (tls: typeof import('node:tls')) => {
    passed('loaded');
    note(tls, 'createSecureContext', 'evaluated');
    note(tls.TLSSocket.prototype, 'pause', 'engine');
    note(tls.TLSSocket.prototype, 'getCipher', 'secured');
  },
  'node:child_process': (children: object) => note(children, 'spawn', 'pipes', 'spawned'),
  'koffi.node': (koffi: Koffi) => {
    const load = koffi.load.bind(koffi);
    koffi.load = (path) => {
      const library = load(path);
      const func = library.func.bind(library);
      return Object.assign(library, {
        func: (prototype: string) => {
          const found = { call: func(prototype) };
          if (prototype.includes(' posix_spawn(')) note(found, 'call', 'pipes', 'spawned');
          return found.call;
        },
      });
    };
  },
};

interface Koffi {
  load: (path: null) => { func: (prototype: string) => Callable };
}

const wrapped = new Set<string>();
const loader = Module as unknown as { _load: (name: string, ...more: unknown[]) => unknown };
const load = loader._load;
loader._load = (name, ...more) => {
  const exported = load.call(Module, name, ...more);
  const known = name.endsWith('/koffi.node') ? 'koffi.node' : name;
  if (known in wrap && !wrapped.has(known)) {
    wrapped.add(known);
    wrap[known]?.(exported as never);
  }
  return exported;
};

process.once('exit', () => {
  passed('exit');
  writeFileSync(process.env['PROFILE_STARTUP'] ?? '', JSON.stringify(points));
});
