// eslint-disable-next-line no-restricted-imports
import * as fc from 'fast-check';

// The seed of the tree, so that the run before a commit is CI's run. A property that fails prints how it fails again.
fc.configureGlobal({ seed: Number(process.env.SEED) });

export { fc };
