import { report } from './mesh';

process.stdout.write(report());
