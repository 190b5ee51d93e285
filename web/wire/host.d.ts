// The shapes that pass through the page: what a run sends, what the stage offers its panels, and what it expects of them.

import type { Colors } from "../lib/colors.js";
import type { StepAxis } from "../lib/stepaxis.js";

/** An array of a message: the numbers row by row, and its shape. Of whichever type it is, it is read as this one. */
export type NumberArray = Float32Array & { shape: number[] };

export type Arrays = Record<string, NumberArray>;

export interface Message {
  header: Record<string, any>;
  arrays: Arrays;
}

export type Spec = Record<string, any>;

/** A path into a spec: ["training", "optimizer", "lr"]. */
export type Path = (string | number)[];

export interface View {
  name: string;
  kind: string;
  title: string;
  part: string;
  axes: string[];
  note: string;
  /** The parameter whose numbers these are, "" for none. */
  parameter: string;
  causal: boolean;
}

export interface Layer {
  name: string;
  kind: string;
  label: string;
  title: string;
  short: string;
  /** Its place in the spec, and whether it is the person's own and not the task's. */
  index: number;
  own: boolean;
  /** "encoder", "decoder" or "". */
  stack: string;
  settings: Record<string, any>;
  /** The setting that says how large it is, "" for none. */
  size: string;
  shape: number[] | null;
  parameters: number | null;
  error: string;
  views: View[];
}

export interface Data {
  name: string;
  features: string[];
  classes: string[];
  target: string;
  /** [rows, columns] of a picture, else []. */
  image: number[];
  outputs: number;
  /** [low, high] of a plane's axes, null where the data is on none. */
  domain: [number, number] | null;
  notes: string[];
  train: number;
  test: number;
  /** How many examples of a split are scored, at most. */
  evaluated: number;
  input_shape: number[];
  /** Mean and deviation of a regression's target. */
  target_scale: [number, number];
  continues: boolean;
  text: boolean;
  pad?: string | null;
  end?: string | null;
  mask?: string | null;
  letters?: boolean;
  vocabulary?: string[];
  words?: string[];
}

/** The example that is looked at. */
export interface Probe {
  /** Below zero where it is the person's own. */
  index: number;
  count: number;
  truth: number | null;
  tokens: string[];
  target: string[];
  place: [number, number] | null;
}

export interface Scene {
  type: "scene";
  generation: number;
  spec: Spec;
  data: Data;
  task: string;
  metric: string;
  loss: string;
  layers: Layer[];
  parameters: number;
  /** Null where nothing trains. */
  probe: Probe;
  arrays: Arrays;
}

/** Where nothing trains, a frame has no step and none of the numbers. */
export interface Frame {
  type: "frame";
  generation: number;
  status: string;
  notice: string;
  arrays: Arrays;
  step: number;
  epoch: number;
  lr: number;
  first_row: number;
  steps_per_second: number;
  scrubbing: boolean;
  pokes: number;
  ready: boolean;
  train_loss: number | null;
  test_loss: number | null;
  train_score: number | null;
  test_score: number | null;
  probe?: Probe;
  probe_trouble?: string;
}

/** A run that there is something of to see. */
export interface ShownRun extends KnownRun {
  scene: Scene;
  frame: Frame;
}

/** What the page knows of a run (run.js). */
export interface KnownRun {
  scene: Scene | null;
  frame: Frame | null;
  history: Record<string, number[]>;
}

/** One setting that is changed, and what goes with it. */
export interface Remedy {
  label: string;
  path: Path;
  value: any;
  also?: [Path, any][];
  restarts?: boolean;
  rewinds?: boolean;
  hint?: string;
}

/** What the editor opens on: see weight_editor.js. */
export interface EditTarget {
  title: string;
  layer: Layer;
  unit: number | null;
  parameter: { name: string; index: number[]; label: string; from: string } | null;
}

/** What a panel may touch. */
export interface PanelHost {
  readonly run: KnownRun;
  readonly spec: Spec;
  /** What Python declared for the page: figures, optimizers, the address of Plotly. */
  readonly data: Record<string, any>;
  readonly axis: StepAxis;
  /** Milliseconds that a frame takes to draw. */
  readonly drawTime: number;
  readonly network: { edgesShow: string; measure(): void };
  readonly weightEditor: { open(target: EditTarget, place: { clientX: number; clientY: number }): void };
  readonly instruments?: { offerExamples(): void };
  /** Send a command to the run. */
  send(command: Record<string, any>): unknown;
  /** Put an instrument to work; its answers come to every panel. */
  ask(instrument: string, details?: Record<string, any>): void;
  /** Change a setting, and what goes with it. */
  edit(path: Path, value: any, also?: [Path, any][]): void;
  /** Tell the run what is looked at: some panel's needs() have changed. */
  watch(): void;
  /** Draw again soon. */
  schedule(): void;
}

/** An instrument below the network: see instruments.js. */
export interface Panel {
  title: string;
  element: HTMLElement;
  leads?: boolean;
  themed(colors: Colors): void;
  show?(scene: Scene, selected: number): void;
  select?(index: number): void;
  needs?(): string[];
  draw?(frame: Frame, run: ShownRun): void;
  answered?(message: Message): void;
  opened?(): void;
  suits?(scene: Scene): boolean;
  onExample?(scene: Scene): boolean;
  /** Show the view with this name first. */
  prefer?(first: string): void;
  /** Look at one weight. */
  look?(parameter: string, index: number[]): void;
}

declare global {
  interface Window {
    /** Plotly, once it is loaded. */
    Plotly: any;
  }

  interface HTMLElement {
    /** Set by Plotly on the element of a chart. */
    _fullLayout?: any;
    on?(event: string, listener: () => void): void;
  }
}
