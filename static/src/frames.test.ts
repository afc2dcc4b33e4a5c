import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { BadFrame, decode, encode, type ClientFrame } from './frames';

declare const kGoldenFrames: string; // the file that the C++ tests read too
interface Golden {
  name: string;
  frame: string;
  fields: Record<string, unknown>;
}
const golden = JSON.parse(readFileSync(kGoldenFrames, 'utf8')) as { client: Golden[]; server: Golden[] };

assert.ok(golden.client.length > 10 && golden.server.length > 10, 'the golden frames are there');
for (const { name, frame, fields } of golden.client) {
  test(`the page sends: ${name}`, () => {
    assert.equal(encode(fields as unknown as ClientFrame), frame);
  });
}
for (const { name, frame, fields } of golden.server) {
  test(`the page takes: ${name}`, () => assert.deepEqual(decode(frame), fields));
}

const bad: [string, string][] = [
  ['no JSON', 'hello'],
  ['half a frame', '{"type":"output","end":5,"da'],
  ['a list', '[]'],
  ['null', 'null'],
  ['no type', '{"end":5}'],
  ['an offset that is text', '{"type":"output","end":"5","data":"x"}'],
  ['an offset below zero', '{"type":"output","end":-1,"data":"x"}'],
  ['an offset with a fraction', '{"type":"output","end":1.5,"data":"x"}'],
  ['an offset beyond what is exact', '{"type":"output","end":9007199254740992,"data":"x"}'],
  ['output without data', '{"type":"output","end":5}'],
  ['a prompt of no kind', '{"type":"prompt","id":1,"kind":"dance"}'],
  ['questions that are no list', '{"type":"prompt","id":1,"kind":"questions","questions":{}}'],
  ['a question without text', '{"type":"prompt","id":1,"kind":"questions","questions":[{"echo":true}]}'],
  ['a fingerprint that is a number', '{"type":"prompt","id":1,"kind":"hostkey","host":"a","port":1,"algorithm":"x","fingerprint":7}'],
  ['an end without status and signal', '{"type":"exited"}'],
  ['an error without a message', '{"type":"error","code":"refused"}'],
];
for (const [name, frame] of bad) {
  test(`the page refuses ${name}`, () => assert.throws(() => decode(frame), BadFrame));
}

test('what a later gateway may add is ignored', () => {
  assert.equal(decode('{"type":"weather","sunny":true}'), undefined);
  assert.equal(decode('{"type":"progress","stage":"teleport"}'), undefined);
  assert.deepEqual(decode('{"type":"accepted","seq":1,"mood":"good"}'), { type: 'accepted', seq: 1 });
});
