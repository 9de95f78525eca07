# The command istio-mtls in an image. `npm pack` first: it takes the tarball beside it. See docs/pipeline.md.
FROM node:22-bookworm-slim
WORKDIR /package
COPY cdk8s-istio-mtls-*.tgz ./
RUN npm install --global --no-audit --no-fund ./cdk8s-istio-mtls-*.tgz && npm cache clean --force && rm cdk8s-istio-mtls-*.tgz
WORKDIR /work
USER node
ENTRYPOINT ["istio-mtls"]
