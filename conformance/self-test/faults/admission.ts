// Mistakes about what an API server and istiod's webhook refuse.
import { type Fault, faultsIn } from '../fault';

const UNKNOWN_FIELD = 'ADMIT201';
const MISSING_FIELD = 'ADMIT203';

export const ADMISSION_FAULTS: readonly Fault[] = [
  ...faultsIn('admission/structure/constraints', {
    'a wrong word of an enum passes': (module) => {
      module.wrongWord = () => undefined;
    },
    'numbers of 64 bits fit into 32': (module) => {
      const { checkNumber } = module;
      module.checkNumber = (at, value, schema) => checkNumber(at, value, { ...schema, format: 'int64' });
    },
  }),
  ...faultsIn('admission/crds', {
    'null is a value': (module) => {
      module.isAbsent = (value) => value === undefined;
    },
  }),
  ...faultsIn('admission/structure/structure', {
    'a required field may be missing': (module) => {
      const { judgeStructure } = module;
      module.judgeStructure = (at, kind, object) => {
        judgeStructure(at.through((objection) => (objection.code === MISSING_FIELD ? undefined : objection)), kind, object);
      };
    },
    'an unknown field is told of its object': (module) => {
      const { judgeStructure } = module;
      module.judgeStructure = (at, kind, object) => {
        const told = at.through((one) => (one.code === UNKNOWN_FIELD ? { ...one, field: one.field.slice(0, -1) } : one));
        judgeStructure(told, kind, object);
      };
    },
    'rules in CEL run on what the schema refuses': (module, load) => {
      const { judgeStructure } = module;
      const cel = load('admission/cel/cel');
      const { judgeRules } = cel;
      module.judgeStructure = (at, kind, object) => {
        judgeStructure(at, kind, object);
        judgeRules(at, kind, object);
      };
      cel.judgeRules = () => {}; // they have run
    },
  }),
  ...faultsIn('admission/cel/environment', {
    'rules in CEL hold': (module) => {
      module.compile = () => () => true;
    },
  }),
  ...faultsIn('admission/metadata/kubernetes-names', {
    'any name passes': (module) => {
      module.isDnsSubdomain = () => true;
    },
    'any label passes': (module) => {
      module.isLabelValue = () => true;
    },
  }),
  ...faultsIn('admission/webhook/values/numbers', {
    'any percentage passes': (module) => {
      module.judgePercent = () => {};
      module.judgePercentValue = () => {};
    },
  }),
  ...faultsIn('admission/webhook/destination-rule/destination-rule', {
    'a subset\'s policy isn\'t looked at': (module) => {
      const { judgeDestinationRule } = module;
      module.judgeDestinationRule = (at, object) => {
        const subsets = object.spec.subsets?.map(({ trafficPolicy, ...subset }) => subset);
        judgeDestinationRule(at, { ...object, spec: { ...object.spec, subsets } });
      };
    },
  }),
  ...faultsIn('admission/webhook/webhook', {
    'what the webhook says is told of another field': (module) => {
      const { judgeByWebhook } = module;
      module.judgeByWebhook = (at, kind, object) => {
        judgeByWebhook(at.through((objection) => ({ ...objection, field: ['spec', 'elsewhere'] })), kind, object);
      };
    },
    'the webhook isn\'t asked': (module) => {
      module.judgeByWebhook = () => {};
    },
  }),
];
