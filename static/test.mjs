// Type-checks sources and tests, bundles each src/*.test.ts and runs them under Node's own test runner: npm test
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, 'node_modules/.cache/sallyport-tests');
const tests = fs.readdirSync(path.join(here, 'src')).filter((file) => file.endsWith('.test.ts'));

execFileSync(process.execPath,
  [path.join(here, 'node_modules/typescript/bin/tsc'), '--project', path.join(here, 'tsconfig.test.json')], { stdio: 'inherit' });
fs.rmSync(out, { recursive: true, force: true });
await esbuild.build({
  absWorkingDir: here,
  entryPoints: tests.map((file) => `src/${file}`),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node18',
  sourcemap: 'inline',
  define: { kGoldenFrames: JSON.stringify(path.join(here, '../tests/golden/frames.json')) },
});
const files = tests.map((file) => path.join(out, file.replace(/\.ts$/, '.mjs')));
process.exit(spawnSync(process.execPath, ['--enable-source-maps', '--test', ...files], { stdio: 'inherit' }).status ?? 1);
