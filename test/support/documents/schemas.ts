import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Schema, Validator } from '@cfworker/json-schema';

/** Schemas to which others refer. */
const SHARED = ['common'];

/** The schema of a verb's output, or of a configuration file. */
export function schemaOf(name: string): any {
  return JSON.parse(readFileSync(join(__dirname, '..', '..', '..', 'docs', 'schemas', `${name}.schema.json`), 'utf8'));
}

/** Its validator, with the schemas that it refers to. */
export function validatorOf(name: string): Validator {
  const validator = new Validator(schemaOf(name) as Schema, '2020-12');
  for (const shared of SHARED) validator.addSchema(schemaOf(shared) as Schema, `https://github.com/${shared}.schema.json`);
  return validator;
}
