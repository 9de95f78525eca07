// All modules that parse certificates: `certificateModules` of ca-emitter.ts loads this one with the first PEM.
export { judgeCa } from '../../certificates/ca-checks';
export { caFilesOf, readCertificates } from '../../certificates/ca-files';
export { caPemFault, publicPemFault } from '../../certificates/ca-pem';
export { rotationOf, sameCaFault, stageFault } from '../../certificates/ca-rotation';
export { hasSameRoots, leadsToRoots, publicCa, joinedRoots, rootsFault } from '../../certificates/trusted-roots';
