// Writes docs/schemas/: the schemas of reports whose types state them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { reportSchemas } = createRequire(import.meta.url)('./schemas/reports.cjs');
const folder = new URL('../docs/schemas/', import.meta.url);
const fileOf = (name) => new URL(`${name}.schema.json`, folder);

const others = new Map(readdirSync(folder).map((file) => [file.replace('.schema.json', ''), JSON.parse(readFileSync(new URL(file, folder), 'utf8'))]));
for (const [name, schema] of reportSchemas({ others })) writeFileSync(fileOf(name), `${JSON.stringify(schema, null, 2)}\n`);
