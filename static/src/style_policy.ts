// xterm.js under a policy without 'unsafe-inline'. Its renderers create <style> elements, which need the page's nonce
// before they are inserted, and its DOM renderer writes colours with setAttribute('style', …), which the policy refuses
// where the same text through the CSSOM is allowed. It offers no option for either.

export function page_nonce(): string {
  return document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
}

let installed = false;

export function allow_terminal_styles(nonce: string): void {
  if (installed) return;
  installed = true;
  const create = document.createElement.bind(document) as (tag: string, options?: ElementCreationOptions) => HTMLElement;
  document.createElement = ((tag: string, options?: ElementCreationOptions) => {
    const made = create(tag, options);
    if (made instanceof HTMLStyleElement) made.nonce = nonce;
    return made;
  }) as typeof document.createElement;

  // Only spans: they are what the DOM renderer draws a row with.
  const set = Element.prototype.setAttribute;
  HTMLSpanElement.prototype.setAttribute = function (this: HTMLSpanElement, name: string, value: string) {
    if (name === 'style') this.style.cssText = value;
    else set.call(this, name, value);
  };
}
