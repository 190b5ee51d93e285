// Streamlit's sliders tell Python only when they are let go. Learning happens while they move: this watches the ones
// that matter and streams their values to the run. It leans on the slider's markup (a range input inside the element
// that carries the widget's key as a class); tests/e2e hold it to that.

export class Sliders {
  /** stream(path, value) is called for every value that a watched slider passes through. */
  constructor(stream) {
    this.stream = stream;
    this.specs = new Map();
    this.moving = false;
    this.observer = new MutationObserver((records) => this.changed(records));
    this.observer.observe(document.body, { subtree: true, attributes: true, attributeFilter: ["value"] });
    this.down = (event) => { this.moving = Boolean(event.target.closest?.("[data-testid=stSlider]")); };
    this.up = () => { this.moving = false; };
    document.addEventListener("pointerdown", this.down, true);
    document.addEventListener("pointerup", this.up, true);
  }

  /** specs: [{key, path, options}]; options map a position to its value where positions are indices. */
  watch(specs) {
    this.specs = new Map(specs.map((spec) => [`st-key-${spec.key}`, spec]));
  }

  changed(records) {
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
    document.removeEventListener("pointerdown", this.down, true);
    document.removeEventListener("pointerup", this.up, true);
  }
}
