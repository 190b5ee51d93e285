// What goes over the wire, as live/messages declares it. Made by `python -m scripts.wire`: change it there.

/** An array of a message, with the lengths of its axes. */
type Shaped<T> = T & { shape: number[] };

/** The data set, as far as a page shows it. What is not required, only texts have. */
export interface Data {
  name: string;
  features: string[];
  classes: string[];
  target: string;
  image: number[];
  outputs: number;
  domain: number[] | null;
  notes: string[];
  train: number;
  test: number;
  evaluated: number;
  input_shape: number[];
  target_scale: number[];
  continues: boolean;
  text: boolean;
  pad?: string | null;
  end?: string | null;
  mask?: string | null;
  letters?: boolean;
  vocabulary?: string[];
  words?: string[];
}

/** One of the things that a recurrent layer shows over time. */
export interface Gate {
  name: string;
  signed: boolean;
}

/** Something that a layer can show: it is watched as "view:<name>". */
export interface ViewInfo {
  name: string;
  kind: string;
  title: string;
  part: string;
  axes: string[];
  gates: Gate[];
  note: string;
  parameter: string;
  causal: boolean;
}

/** A layer's card in the diagram. */
export interface Card {
  title: string;
  short: string;
  name: string;
  index: number;
  stack: string;
  kind: string;
  label: string;
  own: boolean;
  settings: Record<string, any>;
  size: string | null;
  shape: number[] | null;
  parameters: number | null;
  error: string;
  views: ViewInfo[];
}

/** The example in detail. Its index is -1 where it is the person's own. */
export interface Example {
  index: number;
  count: number;
  truth: number | null;
  tokens: string[];
  target: string[];
  place: number[] | null;
}

/** What the columns of the arrays are called, in their order. */
export interface Measures {
  history: string[];
  flow: string[];
  measured: string[];
  calibrated: string[];
  logit: number;
}

/** What may be asked of an instrument: its settings as `engine.knobs` describes them. */
export interface Question {
  suits: boolean;
  knobs: (Record<string, any>)[];
}

/** All that stays the same while a run trains. */
export interface Scene {
  type: "scene";
  generation: number;
  spec: Record<string, any>;
  data: Data;
  task: string;
  metric: string;
  loss: string;
  layers: Card[];
  parameters: number;
  probe: Example | null;
  columns: Measures;
  questions: Record<string, Question>;
}

/** What travels behind Scene. */
export interface SceneArrays {
  "points.train"?: Shaped<Float32Array>;  // (N, 3)
  "points.test"?: Shaped<Float32Array>;  // (N, 3)
}

/** The run as it is now. Arrays are those that are watched; one that costs much is not in every frame. */
export interface Frame {
  type: "frame";
  generation: number;
  status: "playing" | "paused" | "ended" | "diverged";
  notice: string;
  step: number;
  epoch: number;
  lr: number;
  first_row: number;
  steps_per_second: number;
  scrubbing: boolean;
  pokes: number;
  train_loss: number | null;
  test_loss: number | null;
  train_score: number | null;
  test_score: number | null;
  ready: boolean;
  probe?: Example;
  probe_trouble?: string;
}

/** What travels behind Frame. */
export interface FrameArrays {
  "history"?: Shaped<Float64Array>;  // (N, columns)
  "timeline"?: Shaped<Int32Array>;  // (N)
  [name: `neurons.${string}`]: Shaped<Uint8Array>;  // (units, P)
  [name: `neurons.${string}.scale`]: Shaped<Float32Array>;  // (units)
  [name: `maps.${string}`]: Shaped<Uint8Array>;  // (C, H, W)
  [name: `maps.${string}.scale`]: Shaped<Float32Array>;  // (C)
  [name: `steps.${string}`]: Shaped<Uint8Array>;  // (F, T)
  [name: `steps.${string}.scale`]: Shaped<Float32Array>;  // (F)
  "answer"?: Shaped<Float32Array>;  // (...)
  "answer.logits"?: Shaped<Float32Array>;  // (...)
  "series"?: Shaped<Float32Array>;  // (T, F)
  "series.forecast"?: Shaped<Float32Array>;  // (outputs)
  "series.truth"?: Shaped<Float32Array>;  // (outputs)
  "saliency"?: Shaped<Float32Array>;  // (H, W)
  [name: `weights.${string}`]: Shaped<Float32Array>;  // (...)
  [name: `gradients.${string}`]: Shaped<Float32Array>;  // (...)
  "boundary"?: Shaped<Uint8Array>;  // (P)
  "boundary.class"?: Shaped<Uint8Array>;  // (P)
  "flow"?: Shaped<Float32Array>;  // (layers, measures)
  "confusion"?: Shaped<Int32Array>;  // (C, C)
  "predicted"?: Shaped<Float32Array>;  // (N)
  "true"?: Shaped<Float32Array>;  // (N)
  "roc.false"?: Shaped<Float32Array>;  // (K)
  "roc.true"?: Shaped<Float32Array>;  // (K)
  "measured"?: Shaped<Float64Array>;  // (numbers)
  "calibrated"?: Shaped<Float64Array>;  // (numbers)
  [name: `reliability.${string}.sure`]: Shaped<Float32Array>;  // (K)
  [name: `reliability.${string}.right`]: Shaped<Float32Array>;  // (K)
  [name: `reliability.${string}.count`]: Shaped<Int32Array>;  // (K)
  [name: `view:${string}`]: Shaped<Float32Array> | Shaped<Int32Array>;  // (...)
  [name: `view:${string}.of`]: Shaped<Int32Array>;  // (1)
  [name: `view:${string}.range`]: Shaped<Float32Array>;  // (2)
}

/** A frame where nothing trains: the layers do not fit. */
export interface Rest {
  type: "frame";
  generation: number;
  status: "playing" | "paused" | "ended" | "diverged";
  notice: string;
}

/** The run's process has ended by itself. */
export interface Died {
  type: "died";
}

/** Any instrument's answer to a question that makes no sense, as a sentence. */
export interface Refused {
  error: string;
}

/** A word for a blank. */
export interface Candidate {
  word: string;
  share: number | null;
}

/** A blank, and the likeliest words for it. */
export interface BlankInfo {
  place: number;
  candidates: Candidate[];
}

/** A sentence with its blanks. */
export interface Blank {
  words: string[];
  blanks: BlankInfo[];
}

/** The run as scripts. */
export interface Code {
  step: number;
  numpy: string;
  broken: string;
  torch: string;
  torch_error: string;
  file: string;
}

/** What a layer holds and works for one example. */
export interface LayerCost {
  title: string;
  parameters: number;
  activations: number;
  multiply_adds: number;
}

/** What a step costs: milliseconds of its parts, and each layer. */
export interface Cost {
  times: Record<string, number>;
  batch: number;
  layers: LayerCost[];
}

/** The examples as the bytes of a file of this name. */
export interface Examples {
  file: string;
}

/** What travels behind Examples. */
export interface ExamplesArrays {
  "bytes"?: Shaped<Uint8Array>;  // (N)
}

/** What goes into the network; a text has tokens and no array. */
export interface ForwardInput {
  step: number;
  layer: number;
  stops: string[];
  what: "input";
  shape: number[];
  tokens: string[];
}

/** What travels behind ForwardInput. */
export interface ForwardInputArrays {
  "out"?: Shaped<Float32Array>;  // (...)
}

/** A layer or a part of one, as a formula. */
export interface Formula {
  name: string;
  title: string;
  formula: string;
  bend: string;
  function: string;
}

/** One product of a weighted sum. */
export interface Term {
  name: string;
  x: number | null;
  w: number | null;
  product: number | null;
}

/** z = sum of x·w + b and a = f(z) of one unit; the largest products are listed. */
export interface UnitSum {
  unit: number;
  units: number;
  terms: Term[];
  rest: number | null;
  left_out: number;
  bias: number | null;
  z: number | null;
  a: number | null;
}

/** A layer between what comes in and what goes out; no array "in" where that is tokens. */
export interface ForwardLayer {
  name: string;
  title: string;
  formula: string;
  bend: string;
  function: string;
  step: number;
  layer: number;
  stops: string[];
  what: "layer";
  tokens: string[];
  in_shape: number[];
  shape: number[];
  parts: Formula[];
  sum: UnitSum | null;
}

/** What travels behind ForwardLayer. */
export interface ForwardLayerArrays {
  "in"?: Shaped<Float32Array>;  // (...)
  "out"?: Shaped<Float32Array>;  // (...)
}

/** From logits to an answer and its loss; `how` says which way, the rest is as `describe_answer` has it. */
export interface ForwardEnd {
  step: number;
  layer: number;
  stops: string[];
  what: "answer";
  how: "softmax" | "sigmoid" | "number";
  loss: number | null;
  loss_label: string;
  loss_formula: string;
  rows?: (Record<string, any>)[];
  truth?: number | null;
  logit?: number | null;
  exp?: number | null;
  p?: number | null;
  names?: string[];
  mean?: number;
  std?: number;
  top?: number | null;
  sum?: number | null;
  place?: number | null;
  rest?: Record<string, number | null>;
  own_loss?: number | null;
}

/** A change that would help, see `explain.remedies.Remedy`. */
export interface RemedyInfo {
  label: string;
  path: (string | number)[];
  value: any;
  restarts: boolean;
  also: any[];
  rewinds: boolean;
  hint: string;
}

/** Something that is wrong with the run. */
export interface FindingInfo {
  kind: string;
  title: string;
  where: string;
  why: string;
  remedies: RemedyInfo[];
}

/** What is wrong with the run. `trying`: what helps is still being tried out. */
export interface Health {
  step: number;
  examples: number;
  trying: boolean;
  findings: FindingInfo[];
}

/** A text that the network made up; `new` where it stands nowhere in the data. */
export interface Invented {
  text: string;
  new: boolean;
}

/** The next texts. */
export interface Invent {
  texts: Invented[];
  done: number;
  count: number;
}

/** The grid lines of the plane, the run's way on it, and where the weights of now are. */
export interface LandscapePlane {
  phase: "plane";
  directions: string;
  step: number;
  share: number | null;
  axes: string[];
  examples: number;
  value: number | null;
}

/** What travels behind LandscapePlane. */
export interface LandscapePlaneArrays {
  "a"?: Shaped<Float32Array>;  // (n)
  "b"?: Shaped<Float32Array>;  // (n)
  "path"?: Shaped<Float32Array>;  // (K, 2)
  "here"?: Shaped<Float32Array>;  // (2)
  "path.step"?: Shaped<Int32Array>;  // (K)
}

/** A part of the losses over a plane, row by row, or of those along a way; it begins at `start`. */
export interface Slice {
  phase: "losses" | "path.loss";
  start: number;
}

/** What travels behind Slice. */
export interface SliceArrays {
  "losses"?: Shaped<Float32Array>;  // (part)
  "path.loss"?: Shaped<Float32Array>;  // (part)
}

/** The work is done. */
export interface Done {
  phase: "done";
}

/** A parameter that can be looked at. */
export interface ParameterInfo {
  name: string;
  title: string;
  shape: number[];
}

/** The factors of a gradient: products, and what is left out of them. */
export interface Chain {
  rows: (Record<string, any>)[];
  places: number;
  left_out: number;
  sum: number | null;
  rest: number | null;
}

/** How regularization changes a weight's gradient. */
export interface Pull {
  l1: number;
  l2: number;
  gradient: number | null;
}

/** How clipping changes it then. */
export interface Clip {
  limit: number | null;
  norm: number | null;
  clipped: boolean;
  gradient: number | null;
}

/** A line of the optimizer's arithmetic, see `explain.optimizer_lines.Line`. */
export interface LineInfo {
  symbol: string;
  rule: string;
  numbers: string;
  value: number | null;
}

/** What the next step would do to one weight. */
export interface Microscope {
  step: number;
  parameters: ParameterInfo[];
  parameter: string;
  index: number[];
  means: string;
  batch: number;
  loss: number | null;
  loss_label: string;
  loss_formula: string;
  weight: number | null;
  gradient: number | null;
  chain: Chain | null;
  pull: Pull;
  clip: Clip;
  optimizer: string;
  t: number;
  lr: number;
  memory: Record<string, number | null>;
  lines: LineInfo[];
  frozen: boolean;
  new: number | null;
}

/** A gradient beside its finite difference. */
export interface Check {
  analytic: number | null;
  numeric: number | null;
  error: number | null;
}

/** The second answer, where a finite difference was asked for. */
export interface MicroscopeCheck {
  step: number;
  parameter: string;
  index: number[];
  check: Check;
}

/** Which share of the work is done. */
export interface Progress {
  progress: number;
}

/** A test example that the network gets wrong. */
export interface Mistake {
  index: number;
  truth: number;
  said: number;
  share: number | null;
  text: string;
}

/** Two classes that are mistaken for each other. */
export interface Pair {
  a: number;
  b: number;
  count: number;
}

/** The surest mistakes first; pictures only where the data has them. */
export interface Mistakes {
  step: number;
  tested: number;
  wrong: number;
  mistakes: Mistake[];
  pairs: Pair[];
}

/** What travels behind Mistakes. */
export interface MistakesArrays {
  "pictures"?: Shaped<Float32Array> | Shaped<Float64Array>;  // (K, H, W)
}

/** A part of what flowed through the layers at earlier moments; it begins at `start`. */
export interface Past {
  start: number;
}

/** What travels behind Past. */
export interface PastArrays {
  "steps"?: Shaped<Int32Array>;  // (K)
  "flow"?: Shaped<Float32Array>;  // (K, layers, measures)
}

/** An optimizer that races. */
export interface RacerInfo {
  kind: string;
  label: string;
  lr: number;
}

/** Who runs. */
export interface RaceStart {
  phase: "start";
  steps: number;
  racers: RacerInfo[];
}

/** New marks: racer, step, loss. With the last ones, why racers are out, or "". */
export interface RaceRunning {
  phase: "running";
  fell?: string[];
}

/** What travels behind RaceRunning. */
export interface RaceRunningArrays {
  "marks"?: Shaped<Float32Array>;  // (K, 3)
}

/** The plane on which the racers' ways differ most. */
export interface RacePlane {
  phase: "plane";
  share: number | null;
}

/** What travels behind RacePlane. */
export interface RacePlaneArrays {
  "a"?: Shaped<Float32Array>;  // (n)
  "b"?: Shaped<Float32Array>;  // (n)
  [name: `path.${string}`]: Shaped<Float32Array>;  // (K, 2)
}

/** A text, and what the network says of it. */
export interface Sentence {
  text: string;
  unknown: number;
  share: number | null;
}

/** A table of texts. */
export interface Sentences {
  step: number;
  sentences: Sentence[];
}

/** One of the best answers of a beam search. */
export interface BeamInfo {
  text: string;
  score: number | null;
}

/** What is written for the example. The beam search's answers come second. */
export interface Translate {
  source: string;
  greedy: string;
  truth: string;
  beam?: BeamInfo[];
}

/** A layer by name. */
export interface Titled {
  name: string;
  title: string;
}

/** The network has no layer with a window. */
export interface NoWindow {
  layers: Titled[];
}

/** The arithmetic of a convolution or a pool; W, b and z are a convolution's. */
export interface Window {
  layers: Titled[];
  name: string;
  kind: string;
  step: number;
  size: number;
  stride: number;
  pad: number;
  off?: number[];
  activation?: string;
  largest?: boolean;
}

/** What travels behind Window. */
export interface WindowArrays {
  "x"?: Shaped<Float32Array>;  // (H, W, C)
  "a"?: Shaped<Float32Array>;  // (H, W, F)
  "z"?: Shaped<Float32Array>;  // (H, W, F)
  "W"?: Shaped<Float32Array>;  // (k, k, C, F)
  "b"?: Shaped<Float32Array>;  // (F)
}

/** What the answer for the example rests on, word by word: in probability and in log-odds. */
export interface Words {
  words: string[];
  answer: number;
  share: number | null;
}

/** What travels behind Words. */
export interface WordsArrays {
  "shares"?: Shaped<Float32Array>;  // (T)
  "weights"?: Shaped<Float32Array>;  // (T)
}

/** The page has drawn a frame and can take another. */
export interface Credit {
  op: "credit";
}

/** The page shows these pictures, and these views of the layers as "view:<name>". */
export interface Watch {
  op: "watch";
  views: string[];
}

/** Look at another example in detail: at a test example, or at the person's own. */
export interface Probe {
  op: "probe";
  index?: number;
  own?: any;
}

/** Put an instrument to work. What else the question holds, the instrument declares. */
export interface Ask {
  op: "ask";
  instrument: string;
}

/** Train at so many steps a second, with a gentle start, or as fast as it goes (null). */
export interface Speed {
  op: "speed";
  steps: number | "gentle" | null;
}

/** Follow another spec; a `fresh` one, such as a preset, waits at its beginning until it is played. */
export interface Spec {
  op: "spec";
  spec: Record<string, any>;
  fresh?: boolean;
}

/** One setting, while its slider moves: `path` leads to it in the spec. */
export interface Set {
  op: "set";
  path: (string | number)[];
  value: any;
}

/** Train from what is shown, until something else is said. */
export interface Play {
  op: "play";
}

/** Rest; what is shown stays. */
export interface Pause {
  op: "pause";
}

/** Make one step, or `count`, from what is shown. */
export interface Step {
  op: "step";
  count?: number;
}

/** Back to the beginning; what was is forgotten. */
export interface Rewind {
  op: "rewind";
}

/** Show the kept step that is nearest to `step`, or the present (null). */
export interface Scrub {
  op: "scrub";
  step: number | null;
}

/** Change one weight by hand; `again` says that it is still the same change, while a slider moves. */
export interface Poke {
  op: "poke";
  name: string;
  index: number[];
  value: number;
  again?: boolean;
}

/** Take back the last change by hand. */
export interface Unpoke {
  op: "unpoke";
}

export type Command =
  | Credit
  | Watch
  | Probe
  | Ask
  | Speed
  | Spec
  | Set
  | Play
  | Pause
  | Step
  | Rewind
  | Scrub
  | Poke
  | Unpoke;

export type Answer =
  | { type: "answer"; instrument: "blank"; } & (Blank | Refused)
  | { type: "answer"; instrument: "code"; } & (Code | Refused)
  | { type: "answer"; instrument: "cost"; } & (Cost | Refused)
  | { type: "answer"; instrument: "examples"; } & (Examples | Refused)
  | { type: "answer"; instrument: "forward"; } & (ForwardInput | ForwardLayer | ForwardEnd | Refused)
  | { type: "answer"; instrument: "health"; } & (Health | Refused)
  | { type: "answer"; instrument: "invent"; } & (Invent | Refused)
  | { type: "answer"; instrument: "landscape"; } & (LandscapePlane | Slice | Done | Refused)
  | { type: "answer"; instrument: "microscope"; } & (Microscope | MicroscopeCheck | Refused)
  | { type: "answer"; instrument: "mistakes"; } & (Progress | Mistakes | Refused)
  | { type: "answer"; instrument: "past"; } & (Past | Refused)
  | { type: "answer"; instrument: "race"; } & (RaceStart | RaceRunning | RacePlane | Slice | Done | Refused)
  | { type: "answer"; instrument: "sentences"; } & (Sentences | Refused)
  | { type: "answer"; instrument: "translate"; } & (Translate | Refused)
  | { type: "answer"; instrument: "window"; } & (NoWindow | Window | Refused)
  | { type: "answer"; instrument: "words"; } & (Progress | Words | Refused);

export type Message =
  | Scene
  | Frame
  | Rest
  | Died
  | Answer;
