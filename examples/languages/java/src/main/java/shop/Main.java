package shop;

import io.github.cdk8sistiomtls.*;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cdk8s.ApiObjectMetadata;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.plus28.ContainerPort;
import org.cdk8s.plus28.ContainerProps;
import org.cdk8s.plus28.Deployment;
import org.cdk8s.plus28.DeploymentExposeViaServiceOptions;
import org.cdk8s.plus28.Namespace;
import org.cdk8s.plus28.Service;
import org.cdk8s.plus28.ServiceAccount;
import org.cdk8s.plus28.ServicePort;

public final class Main {
    /** Prints what each synth finds. */
    public static final class Reporter implements IMtlsReporter {
        @Override
        public void report(MtlsReport report) {
            String codes = report.getWarnings().stream().map(Finding::getCode).collect(Collectors.joining(" "));
            System.out.println("decided: " + report.getDecided() + " of " + report.getSummary().getConnections() + "; warnings: " + (codes.isEmpty() ? "none" : codes));
        }
    }

    public static void main(String[] args) {
        App app = new App();

        // The mesh is strict, and istiod signs with the company's CA.
        Chart platform = new Chart(app, "platform");
        StrictMeshMtls.Builder.create(platform, "mtls").build();
        CaSource source = CaSource.certManager(CertManagerCaProps.builder().issuer(CertManagerIssuer.clusterIssuer("company-root")).build());
        CustomCa.Builder.create(platform, "ca").source(source).build();

        // One namespace still takes plaintext; in it, one workload takes none, but for its metrics.
        Chart shop = new Chart(app, "shop", ChartProps.builder().namespace("shop").build());
        Namespace.Builder.create(shop, "namespace")
                .metadata(ApiObjectMetadata.builder().name("shop").labels(Map.of("istio-injection", "enabled")).build())
                .build();
        Deployment web = Deployment.Builder.create(shop, "web")
                .serviceAccount(new ServiceAccount(shop, "web-account"))
                .containers(List.of(ContainerProps.builder().image("web:1").portNumber(8080).build()))
                .build();
        Deployment ratings = Deployment.Builder.create(shop, "ratings")
                .containers(List.of(ContainerProps.builder()
                        .image("ratings:1")
                        .ports(List.of(
                                ContainerPort.builder().name("http").number(9080).build(),
                                ContainerPort.builder().name("metrics").number(9090).build()))
                        .build()))
                .podMetadata(ApiObjectMetadata.builder().labels(Map.of("app", "ratings")).build())
                .build();
        Service service = ratings.exposeViaService(DeploymentExposeViaServiceOptions.builder()
                .name("ratings")
                .ports(List.of(ServicePort.builder().name("http").port(9080).build()))
                .build());
        NamespaceOverride.Builder.create(shop, "migration").mode(MtlsMode.PERMISSIVE).build();
        WorkloadOverride.Builder.create(shop, "ratings-mtls")
                .workload(Pods.of(ratings))
                .mode(MtlsMode.STRICT)
                .ports(List.of(PortMtls.builder().port(9090).mode(MtlsMode.PERMISSIVE).build()))
                .build();

        // What would another rule do?
        MtlsAnalysis before = MtlsAnalysis.of(app);
        Destination legacy = Destination.ofService(shop, "legacy", Services.of(service), DestinationOptions.builder().tls(ClientTls.disable()).build());
        for (ConnectionChange group : before.whatIf(List.of(MtlsChange.replaceAllWith(app))).getDiff().getGroups()) {
            if (group.getTo() == ConnectionOutcome.BROKEN) {
                System.out.println("broken by " + group.getCauses().get(0) + ": " + group.getConnections());
            }
        }

        // Only web may call ratings, and only to read; web calls nothing else.
        Calls.of(Pods.of(web)).to(Services.of(service), CallOptions.builder().methods(List.of("GET")).build());

        // Now a synth fails on it, before anything is written, and what doesn't fail it is printed.
        MtlsAnalysis.attach(app, MtlsAnalysisAttachOptions.builder().reporter(new Reporter()).build());
        try {
            app.synth();
        } catch (RuntimeException error) {
            System.out.println(error.getMessage());
        }

        shop.getNode().tryRemoveChild(legacy.getNode().getId());
        app.synth();
    }
}
