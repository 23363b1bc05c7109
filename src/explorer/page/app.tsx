import { tour } from 'explorer:content';
import { useEffect, useState } from 'preact/hooks';
import { diagramFile } from '../model/diagram-file.ts';
import {
  addMark,
  addRow,
  changeKind,
  markAt,
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
import { Files, useFiles } from './files.tsx';
import { useKeptFocus } from './focus.ts';
import { staysTheSame } from './identity.ts';
import { useAddress, type Linked } from './address.ts';
import { Legend } from './legend.tsx';
import { Outcome } from './outcome.tsx';
import { Paper } from './paper.tsx';
import { computed, firstShown, type Shown } from './shown.ts';
import { Settings } from './settings.tsx';
import { isChanged, originOf, Title, type Origin } from './title.tsx';
import { Question, Tour } from './tour.tsx';
import { Why, type Look } from './why.tsx';

/** The page. All that it shows is computed from one state, whenever that changes. */
export function App() {
  const [shown, setShown] = useState(firstShown);
  const { state, results, says } = shown;
  const [origin, setOrigin] = useState(() => originOf(state));
  const [chosen, setChosen] = useState<Place>();
  const [look, setLook] = useState<Look>();
  const { scenario, protocol, versus, all, step } = state;
  const [result] = results;

  const show = (asked: Omit<Shown, 'results'>): void => setShown((before) => computed(asked, before));
  const change = (next: State): void => show({ state: next, says: '', way: 'changed' });
  const begin = (asked: Linked, way: Shown['way'], from: Origin): void => {
    show({ ...asked, way });
    setOrigin(from);
    setChosen(undefined);
    setLook(undefined);
  };
  const edit = ({ scenario: edited, place }: Edited): void => {
    change({ ...state, scenario: edited });
    setChosen(place);
  };
  /** The marble at the place before is the one at the place after. */
  const editMark = (place: Place, edited: Edited): void => {
    staysTheSame(markAt(scenario, place), edited.place && markAt(edited.scenario, edited.place));
    edit(edited);
  };
  useAddress(shown, (asked) => begin(asked, 'linked', originOf(asked.state)));
  useKeptFocus();
  useEffect(() => {
    document.title = `${scenario.title} – marble-tls`;
  }, [scenario.title]);

  const files = useFiles(({ scenario: opened }) => {
    const next = stateOf(opened, undefined);
    begin({ state: next, says: '' }, 'begun', { state: next, known: true });
  });
  const openDiagram = (name: string, more: Partial<State> = {}): void => {
    const opened = DIAGRAMS.get(name);
    if (opened === undefined) return;
    const next = { ...stateOf(opened, name), ...more };
    begin({ state: next, says: '' }, 'begun', { state: next, known: true });
    files.forget();
  };
  // In the tour it would stand between the question and the board.
  const settings = (
    <>
      <Settings state={state} onDiagram={(name) => openDiagram(name, { versus, all })} onChange={change} />
      <Files dropped={files} />
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
        <Tour
          step={step}
          onStep={(next) => {
            const text = next === undefined ? undefined : tour[next];
            if (text === undefined) change({ ...state, step: undefined });
            else openDiagram(text.diagram, { step: next });
          }}
        />
        {step === undefined && settings}
        <p class="fault" role="alert">
          {says}
        </p>
        <Title state={state} origin={origin} />
        {step !== undefined && result !== undefined && <Question step={step} result={result} />}
        <div class="stage">
          <div class="rows">
            <Board
              scenario={scenario}
              results={results}
              chosen={chosen}
              onChoose={setChosen}
              onMove={(place, frame) => editMark(place, moveMark(scenario, place, frame))}
              onRemove={(place) => edit(removeMark(scenario, place))}
              onAdd={(label, kind) => edit(addMark(scenario, label, kind))}
              onRemoveRow={(label) => edit({ scenario: removeRow(scenario, label), place: undefined })}
              looked={look}
              onLook={setLook}
            />
            <Outcome results={results} />
            <label class="all">
              <input
                type="checkbox"
                checked={all}
                onChange={({ currentTarget }) => change({ ...state, all: currentTarget.checked })}
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
          onMove={(place, frame) => editMark(place, moveMark(scenario, place, frame))}
          onKind={(place, kind) => editMark(place, changeKind(scenario, place, kind))}
          onRemove={(place) => edit(removeMark(scenario, place))}
          onAddRow={(label) => edit({ scenario: addRow(scenario, label), place: undefined })}
        />
        {step !== undefined && settings}
        <Export
          permalink={() => `${location.href.split('#', 1).join()}#${fragmentOf(state, DIAGRAMS)}`}
          diagram={() => diagramFile(scenario, scenario.policy, protocol, isChanged(state, origin))}
          onReset={() => begin({ state: { ...origin.state, step }, says: '' }, 'changed', origin)}
        />
      </main>
      <footer>
        <p>This page asks nobody for anything: it makes no request, and what you drop on it stays here.</p>
      </footer>
    </>
  );
}
