// Colours as lookup tables, made from the one palette that Python hands over.

function parse(hex) {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

function mix(a, b, t) {
  return a.map((channel, i) => Math.round(channel + (b[i] - channel) * t));
}

const pack = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

/** 256 colours along evenly spaced stops. */
function ramp(stops) {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const t = (i / 255) * (stops.length - 1);
    const k = Math.min(Math.floor(t), stops.length - 2);
    return pack(mix(stops[k], stops[k + 1], t - k));
  });
}

/** Is the page dark? Read from its real background, so that every theme works.
 * @param {Element} element */
export function isDark(element) {
  const probe = getComputedStyle(element).getPropertyValue("--st-background-color").trim();
  const match = probe.match(/^#([0-9a-f]{6})/i);
  if (match) {
    const [r, g, b] = parse(`#${match[1]}`);
    return 0.3 * r + 0.59 * g + 0.11 * b < 128;
  }
  const channels = getComputedStyle(document.body).backgroundColor.match(/\d+/g);
  return channels ? channels.slice(0, 3).reduce((sum, c) => sum + Number(c), 0) < 384 : false;
}

/** Everything that a drawing needs for one theme. */
export class Colors {
  /** @type {string} */ ink;
  /** @type {string} */ quiet;
  /** @type {string} */ line;
  /** @type {string} */ surface;
  /** @type {string} */ middle;

  constructor(palette, dark) {
    Object.assign(this, dark ? palette.dark : palette.light);
    this.dark = dark;
    this.negative = palette.negative;
    this.positive = palette.positive;
    this.classes = palette.classes;
    const [negative, middle, positive] = [palette.negative, this.middle, palette.positive].map(parse);
    this.diverging = new Uint32Array(256);
    for (let i = 0; i < 256; i++) {
      const t = Math.max(-1, (i - 128) / 127);
      this.diverging[i] = pack(mix(middle, t < 0 ? negative : positive, Math.abs(t)));
    }
    this.sequential = ramp(palette.sequential.map(parse));
    this.classRows = palette.classes.map((hex) => {
      const row = new Uint32Array(256);
      for (let i = 0; i < 256; i++) row[i] = pack(mix(middle, parse(hex), Math.min(1, 0.15 + 0.75 * (i / 255))));
      return row;
    });
  }

  /** For squeezed logits (live/watch/pictures.py), the colours of their probabilities; the largest logit is `reach`.
   *  hard: only the colours of the two classes.
   * @param {number} reach
   * @param {boolean} hard */
  logits(reach, hard) {
    if (this.reach !== reach) {
      this.reach = reach;
      this.shares = Uint32Array.from({ length: 256 }, (_, i) => {
        const level = Math.max(-1, (i - 128) / 127);
        const logit = Math.sign(level) * Math.expm1(Math.abs(level) * Math.log1p(reach));
        return this.diverging[Math.round(128 + 127 * Math.tanh(logit / 2))];
      });
      this.sides = this.shares.map((_, i, all) => all[i >= 128 ? 255 : 1]);
    }
    return hard ? this.sides : this.shares;
  }

  /** CSS colour of the class with this index.
   * @param {number} index */
  ofClass(index) {
    return this.classes[index % this.classes.length];
  }
}
