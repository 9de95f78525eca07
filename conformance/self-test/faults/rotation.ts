// Mistakes in the stages from one CA to another, which show where these are carried out.
import { type Fault, faultsIn } from '../fault';

export const ROTATION_FAULTS: readonly Fault[] = [
  ...faultsIn('constructs/certificates/ca-rotation', {
    'the old root goes as soon as the new CA signs': (module) => {
      const { CaRotation, CaRotationStage: { SIGN_WITH_NEW, TRUST_NEW } } = module;
      module.CaRotation = class extends CaRotation {
        public constructor(...[scope, id, props]: ConstructorParameters<typeof CaRotation>) {
          super(scope, id, { ...props, stage: props.stage === SIGN_WITH_NEW ? TRUST_NEW : props.stage });
        }
      };
    },
  }),
  ...faultsIn('certificates/ca-rotation', {
    'the new CA signs before anybody trusts its root': (module) => {
      const { stagesOf } = module;
      module.stagesOf = (rotation) => stagesOf(rotation).filter((stage) => stage !== 'trust-both');
    },
  }),
];
