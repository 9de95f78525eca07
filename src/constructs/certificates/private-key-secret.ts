import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { keepToOwner } from './private-key-file';
import { CaPem } from '../../certificates/ca-pem';

/** What a PrivateKeySecret consists of. */
interface PrivateKeySecretParts {
  readonly namespace: string;
  readonly name: string;
  readonly pem: CaPem;
}

/**
 * A Secret whose values are in its manifest and nowhere else.
 *
 * An ordinary ApiObject keeps them in its properties, which anybody's `console.log` of an app shows, and a JSON
 * patch that fails tells the whole document in its error. So they join only when all that is over.
 */
export class PrivateKeySecret extends ApiObject {
  readonly #data: Record<string, string>;

  public constructor(scope: Construct, id: string, { namespace, name, pem }: PrivateKeySecretParts) {
    super(scope, id, { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name }, type: 'Opaque' });
    this.#data = Object.fromEntries(Object.keys(pem).sort().map((key) => [key, Buffer.from(pem[key]).toString('base64')]));
  }

  public toJson(): any {
    keepToOwner(this);
    const json = super.toJson();
    return { ...json, data: { ...json.data, ...this.#data } };
  }
}
