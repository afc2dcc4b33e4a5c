// Bundles the page: node build.mjs <outdir>
//   <outdir>/assets/<name>-<HASH>.<ext>, with .br and .gz beside it where they are smaller
//   <outdir>/manifest.json   which name is which file; the server embeds what it lists
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import * as esbuild from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const outdir = path.resolve(process.argv[2] ?? path.join(here, '../build/page'));
const assets = path.join(outdir, 'assets');

const kTypes = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
// Already compressed; a second pass only costs time.
const kCompressed = new Set(['.woff2']);

function check_types() {
  const tsc = path.join(here, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '--project', here, '--noEmit'], { stdio: 'inherit' });
}

async function bundle() {
  await esbuild.build({
    absWorkingDir: here,
    entryPoints: [
      { in: 'src/main.ts', out: 'app' },
      { in: 'styles/app.css', out: 'app' },
    ],
    outdir: assets,
    bundle: true,
    minify: true,
    splitting: true, // the terminal is a chunk of its own: the login form paints without it
    format: 'esm',
    target: ['es2022', 'chrome100', 'firefox100', 'safari15.4'],
    charset: 'utf8',
    legalComments: 'none', // licenses.txt carries them
    loader: { '.woff2': 'file', '.svg': 'file' },
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    logLevel: 'warning',
  });
}

// A file that no module imports but the page names.
function add(name, bytes) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8).toUpperCase();
  const { name: stem, ext } = path.parse(name);
  fs.writeFileSync(path.join(assets, `${stem}-${hash}${ext}`), bytes);
}

// What is bundled keeps its authors' terms with it.
function licenses() {
  const { dependencies } = JSON.parse(fs.readFileSync(path.join(here, 'package.json'), 'utf8'));
  const parts = ['Sallyport\'s page carries these packages.\n'];
  for (const name of Object.keys(dependencies).sort()) {
    const folder = path.join(here, 'node_modules', name);
    const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    parts.push(`---- ${name} ${version}\n`);
    if (name === 'jetbrains-mono') {
      parts.push('The typeface JetBrains Mono, Copyright 2020 The JetBrains Mono Project Authors, is under the ' +
        'SIL Open Font License, Version 1.1 (https://openfontlicense.org). Its packaging:\n');
    }
    if (file) parts.push(fs.readFileSync(path.join(folder, file), 'utf8'));
  }
  return Buffer.from(parts.join('\n'));
}

function compress(file) {
  const bytes = fs.readFileSync(file);
  const br = zlib.brotliCompressSync(bytes, {
    params: {
      [zlib.constants.BROTLI_PARAM_QUALITY]: 11,
      [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  const gz = zlib.gzipSync(bytes, { level: 9 });
  const smaller = { br: br.length < bytes.length, gz: gz.length < bytes.length };
  if (smaller.br) fs.writeFileSync(`${file}.br`, br);
  if (smaller.gz) fs.writeFileSync(`${file}.gz`, gz);
  return smaller;
}

check_types();
fs.rmSync(assets, { recursive: true, force: true });
fs.mkdirSync(assets, { recursive: true });
await bundle();
add('icon.svg', fs.readFileSync(path.join(here, 'images/icon.svg')));
add('licenses.txt', licenses());

const manifest = { assets: [] };
for (const file of fs.readdirSync(assets).sort()) {
  const ext = path.extname(file);
  const { br, gz } = kCompressed.has(ext) ? { br: false, gz: false } : compress(path.join(assets, file));
  const name = file.replace(/-[A-Z0-9]{8}(?=\.[a-z0-9]+$)/, '');
  if (!kTypes[ext] || name === file) throw new Error(`${file}: no media type or no hash`);
  manifest.assets.push({ name, file: `assets/${file}`, type: kTypes[ext], br, gz });
}
fs.writeFileSync(path.join(outdir, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n');
