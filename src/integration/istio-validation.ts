import type { ValidationContext, ValidationProperties } from './validation-report';

/**
 * The plugin for cdk8s-cli: `cdk8s synth` fails on an object of anyone's that an API server or istiod would refuse.
 * Named in `validations` of cdk8s.yaml, see docs/pipeline.md; no part of the API for programs.
 *
 * @internal
 */
export class IstioValidation {
  public constructor(private readonly properties: ValidationProperties = {}) {}

  public async validate(context: ValidationContext): Promise<void> {
    // Loaded when it is needed: whoever imports the library only to find a construct doesn't wait for it.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { reportOn } = require('./validation-report') as typeof import('./validation-report');
    reportOn(context, this.properties);
  }
}
