from typing import Any, Sequence

import jsii
from cdk8s import ApiObjectMetadata, App, Chart
import cdk8s_plus_28 as kplus
from cdk8s_istio_mtls import (
    Calls,
    CaSource,
    CertManagerIssuer,
    ClientTls,
    ConnectionOutcome,
    CustomCa,
    Destination,
    IMtlsReporter,
    MtlsAnalysis,
    MtlsChange,
    MtlsMode,
    NamespaceOverride,
    PortMtls,
    StrictMeshMtls,
    WorkloadOverride,
)


@jsii.implements(IMtlsReporter)
class Reporter:
    """Prints what each synth finds."""

    def report(self, *, decided: float, summary: Any, warnings: Sequence[Any], **rest: Any) -> None:
        codes = " ".join(warning.code for warning in warnings) or "none"
        print(f"decided: {decided} of {summary.connections}; warnings: {codes}")


app = App()

# The mesh is strict, and istiod signs with the company's CA.
platform = Chart(app, "platform")
StrictMeshMtls(platform, "mtls")
CustomCa(platform, "ca", source=CaSource.cert_manager(issuer=CertManagerIssuer.cluster_issuer("company-root")))

# One namespace still takes plaintext; in it, one workload takes none, but for its metrics.
shop = Chart(app, "shop", namespace="shop")
kplus.Namespace(shop, "namespace", metadata=ApiObjectMetadata(name="shop", labels={"istio-injection": "enabled"}))
account = kplus.ServiceAccount(shop, "web-account")
web = kplus.Deployment(
    shop, "web", service_account=account, containers=[kplus.ContainerProps(image="web:1", port_number=8080)]
)
ratings = kplus.Deployment(
    shop,
    "ratings",
    containers=[
        kplus.ContainerProps(
            image="ratings:1",
            ports=[kplus.ContainerPort(name="http", number=9080), kplus.ContainerPort(name="metrics", number=9090)],
        )
    ],
    pod_metadata=ApiObjectMetadata(labels={"app": "ratings"}),
)
service = ratings.expose_via_service(name="ratings", ports=[kplus.ServicePort(name="http", port=9080)])
NamespaceOverride(shop, "migration", mode=MtlsMode.PERMISSIVE)
WorkloadOverride(
    shop,
    "ratings-mtls",
    workload=ratings,
    mode=MtlsMode.STRICT,
    ports=[PortMtls(port=9090, mode=MtlsMode.PERMISSIVE)],
)

# What would another rule do?
before = MtlsAnalysis.of(app)
legacy = Destination.of_service(shop, "legacy", service, tls=ClientTls.disable())
for group in before.what_if([MtlsChange.replace_all_with(app)]).diff.groups:
    if group.to is ConnectionOutcome.BROKEN:
        print(f"broken by {group.causes[0]}: {group.connections}")

# Only web may call ratings, and only to read; web calls nothing else.
Calls.of(web).to(service, methods=["GET"])

# Now a synth fails on it, before anything is written, and what doesn't fail it is printed.
MtlsAnalysis.attach(app, reporter=Reporter())
try:
    app.synth()
except RuntimeError as error:
    print(error)

shop.node.try_remove_child(legacy.node.id)
app.synth()
