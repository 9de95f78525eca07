// Who reads: the compiled library, and the referee for kubectl, for istiod, and for keys that stand twice.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { RefereeProcess } from '../node/referee-process.mjs';

export const LIB = fileURLToPath(new URL('../../lib', import.meta.url));

/** The library's two readers, from a compiled lib/: of manifests, and of a mesh config's text. */
export class Library {
  #readManifests;
  #readYaml;

  constructor(lib = LIB) {
    this.#readManifests = required(`${lib}/src/manifests/manifests.js`).readManifests;
    this.#readYaml = required(`${lib}/src/manifests/yaml/read-yaml.js`).readYaml;
  }

  /** `{ objects, problems }`, or `{ crash }`. */
  manifests(text) {
    try {
      const { documents, problems } = this.#readManifests(text, 'text.yaml');
      return { objects: documents.map(({ object }) => object), problems };
    } catch (error) {
      return { crash: `${error.stack}`.split('\n').slice(0, 3).join(' ') };
    }
  }

  /** `{ value }`, or `{ error, code }`. */
  meshConfig(text) {
    try {
      return { value: this.#readYaml(text) ?? null };
    } catch (error) {
      return { error: error.message.split('\n')[0], code: error.code };
    }
  }
}

function required(file) {
  if (!existsSync(file)) throw new Error(`${file} is missing; expected a compiled library. Fix: npx projen compile`);
  return createRequire(file)(file);
}

export class Referees {
  #kubectl = new RefereeProcess('yaml');
  #istiod = new RefereeProcess('yaml', ['-as', 'istiod']);
  #twice = new RefereeProcess('yaml', ['-as', 'twice']);

  /** What kubectl reads: `{ documents: [{ value, objects, error }], error }`, or `{ panic }`. */
  kubectl(text) {
    return this.#kubectl.judge(JSON.stringify(text));
  }

  /** What istiod reads: `{ value }` or `{ error }`. */
  istiod(text) {
    return this.#istiod.judge(JSON.stringify(text));
  }

  /** Whether a mapping holds a key twice. */
  twice(text) {
    return this.#twice.judge(JSON.stringify(text));
  }

  close() {
    for (const referee of [this.#kubectl, this.#istiod, this.#twice]) referee.close();
  }
}
