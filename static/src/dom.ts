// The page's own elements, by id and type: a template that lost one is our mistake and fails at once, by name.

export function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`index.html has no ${type.name} #${id}`);
  return found;
}

type Child = Node | string;
interface Attributes {
  class?: string;
  id?: string;
  type?: string;
  [name: string]: string | undefined;
}

// A small tree without markup: everything a host or a user wrote goes in as text.
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Said to those who do not see the screen.
export function announce(text: string): void {
  element('announce', HTMLDivElement).textContent = text;
}
