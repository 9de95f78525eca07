// What looks into certificates, in one module: `certificateModules` of ca-emitter.ts loads it when somebody hands in PEM.
export { judgeCa } from '../../certificates/ca-checks';
export { caFilesOf, readCertificates } from '../../certificates/ca-files';
export { caPemFault, publicPemFault } from '../../certificates/ca-pem';
export { rotationOf, sameCaFault, stageFault } from '../../certificates/ca-rotation';
export { hasSameRoots, leadsToRoots, publicCa, rootBundle, rootsFault } from '../../certificates/trusted-roots';
