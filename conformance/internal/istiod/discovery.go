package istiod

import (
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"istio.io/istio/pilot/pkg/config/aggregate"
	"istio.io/istio/pilot/pkg/config/kube/extensions"
	"istio.io/istio/pilot/pkg/config/kube/gateway"
	"istio.io/istio/pilot/pkg/config/kube/ingress"
	"istio.io/istio/pilot/pkg/config/memory"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/networking/core"
	"istio.io/istio/pilot/pkg/serviceregistry"
	kubecontroller "istio.io/istio/pilot/pkg/serviceregistry/kube/controller"
	"istio.io/istio/pilot/pkg/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/constants"
	"istio.io/istio/pkg/config/mesh/meshwatcher"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/gvk"
	"istio.io/istio/pkg/config/schema/gvr"
	"istio.io/istio/pkg/config/schema/kind"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/test"
	"istio.io/istio/pkg/test/util/retry"
	"istio.io/istio/pkg/util/sets"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/cluster"
)

// start is Istio's own NewFakeDiscoveryServer, without the servers that only
// its tests call, and with two things that it doesn't take: the cluster's DNS
// suffix, and the flags by which services select pods and WorkloadEntries.
func start(t test.Failer, c *cluster.Cluster) (*core.ConfigGenTest, *xds.DiscoveryServer) {
	discovery := xds.NewDiscoveryServer(model.NewEnvironment(), map[string]string{}, krt.GlobalDebugHandler)
	discovery.DebounceOptions.DebounceAfter = 0
	discovery.DiscoveryStartTime = time.Now()
	t.Cleanup(discovery.Shutdown)

	made := client(c.Objects...)
	addGatewayAPI(t, made, c)
	registry := startRegistry(t, c, made, discovery)
	// Closed before the registry's client waits for all that ends with it.
	stop := test.NewStop(t)
	generator, gateways := newGenerator(t, c, made, discovery, registry)
	generator.Registry.AppendServiceHandler(onService(discovery))
	discovery.Env = generator.Env()
	discovery.Env.DomainSuffix = c.Domain
	discovery.Env.GatewayAPIController = gateways
	discovery.Env.AmbientIndexes = &model.NoopAmbientIndexes{}
	if err := discovery.Env.InitNetworksManager(discovery); err != nil {
		t.Fatal(err)
	}
	generator.MemRegistry.XdsUpdater = discovery
	made.RunAndWait(stop)
	connect(generator, registry, discovery)
	run(t, generator, discovery, stop)
	return generator, discovery
}

// startRegistry starts what reads Services and pods from Kubernetes.
func startRegistry(t test.Failer, c *cluster.Cluster, made kube.Client, discovery *xds.DiscoveryServer) *kubecontroller.FakeController {
	registry, _ := kubecontroller.NewFakeControllerWithOptions(t, kubecontroller.FakeControllerOptions{
		ServiceHandler:  onService(discovery),
		Client:          made,
		ClusterID:       constants.DefaultClusterName,
		DomainSuffix:    c.Domain,
		XDSUpdater:      discovery,
		NetworksWatcher: meshwatcher.NewFixedNetworksWatcher(c.Networks),
		SkipRun:         true,
		ConfigCluster:   true,
		MeshWatcher:     meshwatcher.NewTestWatcher(c.MeshConfig),
		CRDs: []schema.GroupVersionResource{
			gvr.AuthorizationPolicy,
			gvr.PeerAuthentication,
			gvr.WorkloadEntry,
			gvr.GatewayClass,
			gvr.KubernetesGateway,
			gvr.HTTPRoute,
			gvr.GRPCRoute,
			gvr.TCPRoute,
			gvr.TLSRoute,
			gvr.ReferenceGrant,
			gvr.ServiceEntry,
		},
	})
	return registry
}

// newGenerator makes what generates configuration, with all that it reads.
func newGenerator(
	t test.Failer, c *cluster.Cluster, made kube.Client, discovery *xds.DiscoveryServer, registry serviceregistry.Instance,
) (*core.ConfigGenTest, *gateway.Controller) {
	options := kubecontroller.Options{DomainSuffix: c.Domain}
	var gateways *gateway.Controller
	generator := core.NewConfigGenTest(t, core.TestOptions{
		Configs:           c.Configs,
		ConfigController:  memory.NewController(memory.MakeSkipValidation(collections.PilotGatewayAPI())),
		MeshConfig:        c.MeshConfig,
		XDSUpdater:        discovery,
		NetworksWatcher:   meshwatcher.NewFixedNetworksWatcher(c.Networks),
		ServiceRegistries: []serviceregistry.Instance{registry},
		ConfigStoreCaches: []model.ConfigStoreController{
			ingress.NewController(made, meshwatcher.NewTestWatcher(c.MeshConfig), options, discovery),
		},
		CreateConfigStore: func(base model.ConfigStoreController) model.ConfigStoreController {
			extended := extensions.NewController(base, discovery, krt.GlobalDebugHandler)
			installed := func(schema.GroupVersionResource, <-chan struct{}) bool { return true }
			gateways = gateway.NewController(made, installed, options, discovery)
			both, _ := aggregate.MakeCache([]model.ConfigStoreController{extended, gateways})
			return both
		},
		SkipRun:   true,
		ClusterID: constants.DefaultClusterName,
	})
	return generator, gateways
}

// connect tells each part of what changes in another.
func connect(generator *core.ConfigGenTest, registry *kubecontroller.FakeController, discovery *xds.DiscoveryServer) {
	for _, schema := range collections.PilotGatewayAPI().All() {
		if of := schema.GroupVersionKind(); of != gvk.ServiceEntry && of != gvk.WorkloadEntry {
			generator.Store().RegisterEventHandler(of, onConfig(discovery))
		}
	}
	// As kubecontroller.Multicluster does it.
	if features.EnableK8SServiceSelectWorkloadEntries {
		generator.ServiceEntryRegistry.AppendWorkloadHandler(registry.WorkloadInstanceHandler)
	}
	if features.EnableServiceEntrySelectPods {
		registry.AppendWorkloadHandler(generator.ServiceEntryRegistry.WorkloadInstanceHandler)
	}
}

// run starts everything, and waits until it has been read.
func run(t test.Failer, generator *core.ConfigGenTest, discovery *xds.DiscoveryServer, stop <-chan struct{}) {
	discovery.Start(stop)
	generator.ServiceEntryRegistry.XdsUpdater = discovery
	generator.Run()
	kube.WaitForCacheSync("referee", stop, generator.Registry.HasSynced, generator.Store().HasSynced)
	generator.ServiceEntryRegistry.ResyncEDS()
	discovery.ConfigUpdate(&model.PushRequest{Forced: true})
	ensureSynced(t, discovery)
	discovery.CachesSynced()
}

// ensureSynced waits until istiod has taken note of all changes.
func ensureSynced(t test.Failer, discovery *xds.DiscoveryServer) {
	seen := discovery.InboundUpdates.Load()
	retry.UntilOrFail(t, func() bool { return discovery.CommittedUpdates.Load() >= seen }, retry.Delay(time.Millisecond))
}

func onService(discovery *xds.DiscoveryServer) model.ServiceHandler {
	return func(_, service *model.Service, _ model.Event) {
		discovery.ConfigUpdate(&model.PushRequest{
			ConfigsUpdated: sets.New(model.ConfigKey{
				Kind: kind.ServiceEntry, Name: string(service.Hostname), Namespace: service.Attributes.Namespace,
			}),
			Reason: model.NewReasonStats(model.ServiceUpdate),
		})
	}
}

func onConfig(discovery *xds.DiscoveryServer) model.EventHandler {
	return func(_, changed config.Config, _ model.Event) {
		discovery.ConfigUpdate(&model.PushRequest{
			ConfigsUpdated: sets.New(model.ConfigKey{
				Kind: gvk.MustToKind(changed.GroupVersionKind), Name: changed.Name, Namespace: changed.Namespace,
			}),
			Reason: model.NewReasonStats(model.ConfigUpdate),
		})
	}
}
