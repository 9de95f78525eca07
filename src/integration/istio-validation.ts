import type { ValidationProperties } from './validation-properties';
import type { ValidationContext } from './validation-report';
import { late } from '../modules/late';

/**
 * The plugin for cdk8s-cli: fails `cdk8s synth` on objects that an API server or istiod would reject, whatever emits them, and on
 * findings of the analysis. `validations` in cdk8s.yaml names it, see docs/pipeline.md; it isn't part of the API for programs.
 *
 * @internal
 */
export class IstioValidation {
  public constructor(private readonly properties: ValidationProperties = {}) {}

  public async validate(context: ValidationContext): Promise<void> {
    // Loaded on demand, so that importing the library stays fast.
    const { reportOn } = late<typeof import('./validation-report')>(() => require('./validation-report'));
    reportOn(context, this.properties);
  }
}
