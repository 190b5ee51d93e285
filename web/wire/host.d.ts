// The shapes that pass through the page: what a run sends, what the stage offers its panels, and what it expects of them.

import type { Colors } from "../lib/colors.js";
import type { StepAxis } from "../lib/stepaxis.js";
import type * as wire from "./messages.d.ts";

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

export type View = wire.ViewInfo;
export type Layer = wire.Card;
export type Data = wire.Data;
export type Probe = wire.Example;

/** As sent; `probe` is null only where nothing trains. */
export type Scene = Omit<wire.Scene, "probe"> & { probe: Probe; arrays: Arrays };

/** As sent; where nothing trains, a frame has no step and none of the numbers. */
export type Frame = wire.Frame & { arrays: Arrays };

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
export type Remedy = Pick<wire.RemedyInfo, "label" | "path" | "value"> & Partial<wire.RemedyInfo>;

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
