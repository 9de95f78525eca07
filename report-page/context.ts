import { element } from './dom';
import { hashOf, State, stateOf } from './state';
import { TrafficModel } from './traffic';
import type { ReportData } from '../src/report/data';

/** A part of the page: controls that stay, and what is drawn again when the state that it reads changes. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** What a reader sees here, in a sentence or two. */
  readonly about: string;
  /** What a search counts here, such as `finding`. */
  readonly noun?: string;
  readonly reads: readonly (keyof State)[];
  controls?(context: Context): readonly HTMLElement[];
  draw(context: Context, tell: Tell): readonly Node[];
}

/** Tells a screen reader, and above what is drawn, how much that is, and how many entries a search has found. */
export type Tell = (status: string, found?: number) => void;

/** What all sections work with. */
export class Context {
  readonly model: TrafficModel;
  state: State;
  private readonly listeners: ((changed: ReadonlySet<keyof State>) => void)[] = [];

  constructor(readonly data: ReportData) {
    this.model = new TrafficModel(data.traffic);
    this.state = stateOf(location.hash);
    addEventListener('hashchange', () => this.take(stateOf(location.hash)));
  }

  /** Calls a listener with what has changed, after it has changed. */
  listen(listener: (changed: ReadonlySet<keyof State>) => void): void {
    this.listeners.push(listener);
  }

  /** Changes what is looked at, and the address with it, without a step in the browser's history. */
  change(changes: Partial<State>): void {
    const state = { ...this.state, ...changes };
    history.replaceState(null, '', hashOf(state));
    this.take(state);
  }

  /** The address of another section, with what it should show; what is searched for stays. */
  href(changes: Partial<State> & Pick<State, 'section'>): string {
    return hashOf({ ...this.state, from: '', to: '', outcome: '', severity: '', status: '', code: '', namespace: '', ...changes });
  }

  /** A choice that is a part of the state. */
  choice(name: keyof State, label: string, options: readonly (readonly [value: string, text: string])[]): HTMLElement {
    const select = element('select', { change: () => this.change({ [name]: select.value }) }, ...options.map(([value, text]) => element('option', { value }, text)));
    const sync = (): void => { select.value = this.state[name]; };
    this.listen(sync);
    sync();
    return element('label', {}, label, ' ', select);
  }

  private take(state: State): void {
    const changed = new Set((Object.keys(state) as (keyof State)[]).filter((name) => state[name] !== this.state[name]));
    this.state = state;
    for (const listener of this.listeners) listener(changed);
  }
}
