import { CLIENTS } from './inputs/clients.mjs';
import { DECLARATIONS } from './inputs/declarations.mjs';
import { MESH_CONFIGS } from './inputs/mesh-configs.mjs';
import { OBJECTS } from './inputs/objects.mjs';
import { PLANS } from './inputs/plans.mjs';
import { POLICIES } from './inputs/policies.mjs';
import { ROUTES } from './inputs/routes.mjs';
import { SERVICES } from './inputs/services.mjs';
import { TEXTS } from './inputs/texts.mjs';
import { VERBS } from './inputs/verbs.mjs';
import { YAML } from './inputs/yaml.mjs';

/**
 * Each input: its name, how a text of a size is made of it, the command's arguments if not those of `check`, the state to compare it with if the
 * command takes two, and its exponent if it may be larger. The sizes to
 * measure are found; what `n` counts is up to the input, but the text must grow in proportion to it.
 */
export const INPUTS = [...CLIENTS, ...DECLARATIONS, ...ROUTES, ...SERVICES, ...POLICIES, ...MESH_CONFIGS, ...TEXTS, ...OBJECTS, ...YAML, ...VERBS, ...PLANS];
