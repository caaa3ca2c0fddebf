// Holds Retell's answers against the SDK's types: node types.mjs URL. Its client trusts what it is given, so the compiler is asked.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const url = process.argv[2];
const { retell } = await (await fetch(`${url}/sim/credentials`)).json();
const headers = { Authorization: `Bearer ${retell.apiKey}`, 'Content-Type': 'application/json' };
const list = await (await fetch(`${url}/retell/v3/list-calls`, { method: 'POST', headers, body: '{"limit":40,"include_total":true}' })).json();
const calls = [];
for (const { call_id: id } of list.items.slice(0, 10)) calls.push(await (await fetch(`${url}/retell/v2/get-call/${id}`, { headers })).json());

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(here, 'judged-'));
try {
  writeFileSync(
    join(folder, 'judged.ts'),
    `import Retell from 'retell-sdk';\n` +
      `export const list: Retell.CallListResponse = ${JSON.stringify(list)};\n` +
      calls.map((call, index) => `export const call${index}: Retell.CallResponse = ${JSON.stringify(call)};\n`).join(''),
  );
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const compilerOptions = { noEmit: true, strict: true, skipLibCheck: true, module: 'nodenext', target: 'es2022', types: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['judged.ts'] }));
  const judged = spawnSync(process.execPath, [tsc, '--project', folder], { encoding: 'utf8', timeout: 120_000 });
  process.stdout.write(judged.stdout);
  process.exitCode = judged.status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
