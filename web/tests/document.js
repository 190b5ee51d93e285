// As much of a document as is needed to make elements where there is no page.

class Element {
  attributes = new Map();
  listeners = new Map();
  children = [];

  setAttribute(name, value) {
    this.attributes.set(name, String(value));
  }

  addEventListener(name, listener) {
    this.listeners.set(name, listener);
  }

  append(...children) {
    this.children.push(...children);
  }

  replaceChildren(...children) {
    this.children = children;
  }
}

globalThis.document = { createElement: () => new Element() };
