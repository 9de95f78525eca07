// docs/conformance.md, made from what runs have recorded. Run by itself, it prints the page: a test holds the file against it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PARTS } from './parts.mjs';

const CONFORMANCE = dirname(fileURLToPath(import.meta.url));
export const documentFile = join(CONFORMANCE, '..', 'docs', 'conformance.md');

const factsFile = (part) => join(CONFORMANCE, 'recorded', `${part}.json`);

/** What was recorded of each part that ever was. */
export function readFacts() {
  const known = Object.keys(PARTS).filter((part) => existsSync(factsFile(part)));
  return Object.fromEntries(known.map((part) => [part, JSON.parse(readFileSync(factsFile(part), 'utf8'))]));
}

export function writeFacts(part, facts) {
  mkdirSync(dirname(factsFile(part)), { recursive: true });
  writeFileSync(factsFile(part), `${JSON.stringify(facts, undefined, 2)}\n`);
}

const HEAD = `# Conformance

This page is made by \`npm run conformance -- --record\`, from what its runs found; the numbers are theirs. The suite needs Node and Go, nothing else: it builds the referees from Go modules, and keeps them outside the repository.
`;

export async function documentOf(facts) {
  const sections = await Promise.all(Object.keys(facts).map(async (part) => (await PARTS[part].section()).section(facts[part])));
  return [HEAD, ...sections].map((text) => `${text.trim()}\n`).join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) process.stdout.write(await documentOf(readFacts()));
