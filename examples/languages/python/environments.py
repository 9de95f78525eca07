"""A small shop in two environments: examples/platform has a larger one, in TypeScript."""

from cdk8s import ApiObjectMetadata, App, Chart, Duration
import cdk8s_plus_28 as kplus
from constructs import Construct
from cdk8s_istio_mtls import (
    Caller,
    Calls,
    ClientTls,
    HttpRoute,
    IstioMesh,
    MachinePort,
    MachineProxy,
    MachineService,
    MtlsAnalysis,
    MtlsMode,
    NamespaceOverride,
)


def workload(chart: Chart, name: str) -> kplus.Deployment:
    """A Deployment with a service account of its own, by which Services know it."""
    return kplus.Deployment(
        chart,
        name,
        metadata=ApiObjectMetadata(name=name),
        service_account=kplus.ServiceAccount(chart, f"{name}-account", metadata=ApiObjectMetadata(name=name)),
        containers=[kplus.ContainerProps(image=f"{name}:1", port_number=8080)],
    )


def service_of(deployment: kplus.Deployment) -> kplus.Service:
    port = kplus.ServicePort(name="http", port=80, target_port=8080)
    return deployment.expose_via_service(name=deployment.name, ports=[port])


def environment(app: App, name: str, mode: MtlsMode) -> Construct:
    """The shop of an environment, whose IstioMesh owns it."""
    stage = Construct(app, name)
    mesh = IstioMesh(stage, "mesh", trust_domain=f"{name}.example")
    mesh.strict()

    shop = Chart(stage, "shop", namespace="shop")
    kplus.Namespace(shop, "namespace", metadata=ApiObjectMetadata(name="shop", labels=mesh.injection_labels))
    NamespaceOverride(shop, "mode", mode=mode)
    web, cart, orders = (workload(shop, name) for name in ("web", "cart", "orders"))
    web_service, cart_service, orders_service = (service_of(one) for one in (web, cart, orders))
    HttpRoute.of_service(shop, "orders-route", orders_service, timeout=Duration.seconds(5))
    billing = MachineService(
        shop,
        "billing",
        host="billing.example",
        addresses=["10.20.0.7"],
        ports=[MachinePort(name="http", port=80, target_port=8080)],
        proxy=MachineProxy.none(ClientTls.disable()),
    )

    Calls.of(web).to(cart_service).to(orders_service, methods=["POST"])
    Calls.of(orders).to(cart_service, methods=["GET"]).to(billing)
    Calls.of(cart)
    Calls.by(Caller.service_account("edge", "gateway")).to(web_service)
    return stage


app = App()
stages = [environment(app, "dev", MtlsMode.PERMISSIVE), environment(app, "prod", MtlsMode.STRICT)]
for stage in stages:
    print(f"{stage.node.id}: {len(MtlsAnalysis.of(stage).findings)} findings")
app.synth()
