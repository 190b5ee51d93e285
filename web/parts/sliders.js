// Streamlit's sliders tell Python only when they are let go. Learning happens while they move: this watches the ones
// that matter and streams their values to the run. It leans on the slider's markup (a range input inside the element
// that carries the widget's key as a class); tests/e2e hold it to that.

const AFTERWARDS = 300;      // ms in which a slider may still change because of what a hand or a key did to it

export class Sliders {
  /** stream(path, value) is called for every value that a watched slider passes through. */
  constructor(stream) {
    this.stream = stream;
    this.specs = new Map();
    this.moving = false;
    this.handled = -Infinity;
    this.observer = new MutationObserver((records) => this.changed(records));
    this.observer.observe(document.body, { subtree: true, attributes: true, attributeFilter: ["value"] });
    const onSlider = (event) => Boolean(event.target.closest?.("[data-testid=stSlider]"));
    const handle = () => { this.handled = performance.now(); };
    const up = () => {
      if (this.moving) handle();
      this.moving = false;
    };
    this.listeners = { pointerdown: (event) => { this.moving = onSlider(event); }, pointerup: up, pointercancel: up,
      keydown: (event) => { if (onSlider(event)) handle(); } };
    for (const [type, listener] of Object.entries(this.listeners)) document.addEventListener(type, listener, true);
  }

  /** Whether a change of a slider is the person's: Python moves sliders too, and has told the run itself. */
  theirs() {
    return this.moving || performance.now() - this.handled < AFTERWARDS;
  }

  /** specs: [{key, path, options}]; options map a position to its value where positions are indices. */
  watch(specs) {
    this.specs = new Map(specs.map((spec) => [`st-key-${spec.key}`, spec]));
  }

  changed(records) {
    if (!this.theirs()) return;
    for (const { target } of records) {
      const holder = target.matches("input[type=range]") && target.closest("[class*=st-key-knob]");
      const key = holder && [...holder.classList].find((name) => this.specs.has(name));
      if (!key) continue;
      const { path, options } = this.specs.get(key);
      const position = Number(target.getAttribute("value"));
      this.stream(path, options ? options[Math.round(position)] : position);
    }
  }

  close() {
    this.observer.disconnect();
    for (const [type, listener] of Object.entries(this.listeners)) document.removeEventListener(type, listener, true);
  }
}
