import { tour } from 'explorer:content';
import { useEffect, useState } from 'preact/hooks';
import { diagramFile } from '../model/diagram-file.ts';
import {
  addMark,
  addRow,
  changeKind,
  moveMark,
  removeMark,
  removeRow,
  type Edited,
  type Place,
} from '../model/edit.ts';
import { fragmentOf } from '../model/permalink.ts';
import { stateOf, type State } from '../model/state.ts';
import { Board } from './board.tsx';
import { DIAGRAMS } from './diagrams.ts';
import { Editor } from './editor.tsx';
import { Export } from './export.tsx';
import { Files } from './files.tsx';
import { useKeptFocus } from './focus.ts';
import { useAddress } from './address.ts';
import { Legend } from './legend.tsx';
import { Outcome } from './outcome.tsx';
import { Paper } from './paper.tsx';
import { computed, firstShown } from './shown.ts';
import { Settings } from './settings.tsx';
import { isChanged, originOf, Title } from './title.tsx';
import { Tour } from './tour.tsx';
import { Why, type Look } from './why.tsx';

/** The page. All that it shows is computed from one state, whenever that changes. */
export function App() {
  const [{ state, results, says }, setShown] = useState(firstShown);
  const [origin, setOrigin] = useState(() => originOf(state));
  const [chosen, setChosen] = useState<Place>();
  const [look, setLook] = useState<Look>();
  const { scenario, protocol, versus, all, step } = state;
  const [result] = results;

  const show = (next: State): void => setShown((before) => computed({ state: next, says: '' }, before));
  const begin = (next: State): void => {
    show(next);
    setOrigin(originOf(next));
    setChosen(undefined);
    setLook(undefined);
  };
  const edit = ({ scenario: edited, place }: Edited): void => {
    show({ ...state, scenario: edited });
    setChosen(place);
  };
  useAddress(state, (next) => {
    setShown((before) => computed(next, before));
    setOrigin(originOf(next.state));
  });
  useKeptFocus();
  useEffect(() => {
    document.title = `${scenario.title} – marble-tls`;
  }, [scenario.title]);

  const openDiagram = (name: string, more: Partial<State> = {}): void => {
    const opened = DIAGRAMS.get(name);
    if (opened !== undefined) begin({ ...stateOf(opened, name), ...more });
  };
  // In the tour it would stand between the question and the board.
  const settings = (
    <>
      <Settings state={state} onDiagram={(name) => openDiagram(name, { versus, all })} onChange={show} />
      <Files onOpen={({ scenario: opened }) => begin(stateOf(opened, undefined))} />
    </>
  );
  return (
    <>
      <header>
        <h1>How does a TLS connection end?</h1>
        <p>
          Each row is a stream, and time runs to the right. Drag what happens, and see what <code>s6-tlsd</code> does
          about it: the operators that run in production compute it here, in virtual time.
        </p>
      </header>
      <main>
        {result !== undefined && (
          <Tour
            step={step}
            result={result}
            onStep={(next) => {
              const text = next === undefined ? undefined : tour[next];
              if (text === undefined) show({ ...state, step: undefined });
              else openDiagram(text.diagram, { step: next });
            }}
          />
        )}
        {step === undefined && settings}
        <p class="fault" role="alert">
          {says}
        </p>
        <Title state={state} origin={origin} />
        <div class="stage">
          <div class="rows">
            <Board
              scenario={scenario}
              results={results}
              chosen={chosen}
              onChoose={setChosen}
              onMove={(place, frame) => edit(moveMark(scenario, place, frame))}
              onRemove={(place) => edit(removeMark(scenario, place))}
              onAdd={(label, kind) => edit(addMark(scenario, label, kind))}
              onRemoveRow={(label) => edit({ scenario: removeRow(scenario, label), place: undefined })}
              looked={look}
              onLook={setLook}
            />
            <label class="all">
              <input
                type="checkbox"
                checked={all}
                onChange={({ currentTarget }) => show({ ...state, all: currentTarget.checked })}
              />
              All rows: also demand, reading, and the start of prog
            </label>
          </div>
          <Why look={look} results={results} />
        </div>
        <Paper results={results} protocol={protocol} />
        <Legend />
        <Editor
          scenario={scenario}
          chosen={chosen}
          onMove={(place, frame) => edit(moveMark(scenario, place, frame))}
          onKind={(place, kind) => edit(changeKind(scenario, place, kind))}
          onRemove={(place) => edit(removeMark(scenario, place))}
          onAddRow={(label) => edit({ scenario: addRow(scenario, label), place: undefined })}
        />
        <Outcome results={results} />
        {step !== undefined && settings}
        <Export
          permalink={() => `${location.href.split('#', 1).join()}#${fragmentOf(state, DIAGRAMS)}`}
          diagram={() => diagramFile(scenario, scenario.policy, protocol, isChanged(state, origin))}
          onReset={() => begin(origin)}
        />
      </main>
      <footer>
        <p>This page asks nobody for anything: it makes no request, and what you drop on it stays here.</p>
      </footer>
    </>
  );
}
