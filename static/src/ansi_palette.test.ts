// The contrast of what the terminal draws, by WCAG 2.2's relative luminance. The emulator is not asked to mend any pair.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kDarkMatches, kDarkPalette, kLightMatches, kLightPalette } from './ansi_palette';

const kText = 4.5; // AA, success criterion 1.4.3
const kHues = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const;
const kSixteen = [
  'black', ...kHues, 'white',
  'brightBlack', 'brightRed', 'brightGreen', 'brightYellow', 'brightBlue', 'brightMagenta', 'brightCyan', 'brightWhite',
] as const;

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [one, other] = [luminance(a), luminance(b)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}
function legible(ink: string, ground: string, least: number, what: string): void {
  const ratio = contrast(ink, ground);
  assert.ok(ratio >= least, `${what}: ${ink} on ${ground} is ${ratio.toFixed(2)}:1`);
}
// WebGL mixes a selection half and half with a ground that a program chose.
function mixed(a: string, b: string): string {
  const part = (colour: string, at: number) => parseInt(colour.slice(at, at + 2), 16);
  return '#' + [1, 3, 5].map((at) => Math.round((part(a, at) + part(b, at)) / 2).toString(16).padStart(2, '0')).join('');
}

test('contrast is measured as WCAG does', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
});

for (const [name, palette, matches] of [['dark', kDarkPalette, kDarkMatches], ['light', kLightPalette, kLightMatches]] as const) {
  test(`${name}: every colour is legible on the ground`, () => {
    legible(palette.foreground, palette.background, 7, 'text');
    for (const colour of kSixteen) if (!(name === 'dark' && colour === 'black')) legible(palette[colour], palette.background, kText, colour);
  });
  test(`${name}: the ground is legible on every colour under reverse video, and black on every hue`, () => {
    legible(palette.cursorAccent, palette.cursor, kText, 'the cursor\'s cell');
    for (const hue of kHues) {
      legible(palette.background, palette[hue], kText, `reverse ${hue}`);
      legible(palette.black, palette[hue], 3.5, `black on ${hue}`);
    }
  });
  test(`${name}: a selection is legible over text, reverse video and coloured grounds`, () => {
    for (const selection of [palette.selectionBackground, palette.selectionInactiveBackground]) {
      legible(palette.selectionForeground, selection, kText, 'selected');
      legible(palette.selectionForeground, mixed(palette.foreground, selection), kText, 'selected reverse');
      for (const hue of kHues) legible(palette.selectionForeground, mixed(palette[hue], selection), kText, `selected on ${hue}`);
    }
  });
  test(`${name}: matches are legible, and the active one stands out`, () => {
    legible(matches.found_ink, matches.found, kText, 'found');
    legible(matches.active_ink, matches.active, kText, 'active');
    const out = (colour: string) => contrast(colour, palette.background);
    assert.ok(out(matches.active) > 1.5 * out(matches.found), `active ${out(matches.active)}, found ${out(matches.found)}`);
  });
}
