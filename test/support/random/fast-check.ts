// eslint-disable-next-line no-restricted-imports
import * as fc from 'fast-check';
import { casesOf } from './cases';

// No property has an unrecorded seed: casesOf() gives each suite its own. One that fails prints how it fails again.
fc.configureGlobal({ seed: casesOf('texts').seed });

export { fc };
