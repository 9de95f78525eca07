import { RefusalDetails } from '../findings/refusal';

/** What is wrong with certificates or a Secret's keys, before anybody says whose they are. */
export type Fault = Omit<RefusalDetails, 'kind' | 'name' | 'path'>;
