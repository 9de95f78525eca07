// docs/conformance.md, made from what runs have recorded; a test holds the file against it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PARTS } from './parts';

export const documentFile = join(__dirname, '..', 'docs', 'conformance.md');

const factsFile = (part: string) => join(__dirname, 'recorded', `${part}.json`);

/** What was recorded of each part that ever was. */
export function readFacts(): Record<string, object> {
  const known = Object.keys(PARTS).filter((part) => existsSync(factsFile(part)));
  return Object.fromEntries(known.map((part) => [part, JSON.parse(readFileSync(factsFile(part), 'utf8'))]));
}

export function writeFacts(part: string, facts: object): void {
  mkdirSync(dirname(factsFile(part)), { recursive: true });
  writeFileSync(factsFile(part), `${JSON.stringify(facts, undefined, 2)}\n`);
}

const HEAD = `# Conformance

This page is made by \`npm run conformance -- --record\`, from what its runs found; the numbers are theirs. The suite needs Node and Go, nothing else: it builds the referees from Go modules, and keeps them outside the repository.
`;

export function documentOf(facts: Readonly<Record<string, object>>): string {
  const sections = Object.keys(facts).map((part) => PARTS[part].section(facts[part]));
  return [HEAD, ...sections].map((text) => `${text.trim()}\n`).join('\n');
}
