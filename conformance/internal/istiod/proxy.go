package istiod

import (
	"maps"
	"slices"
	"strings"
	"testing"

	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"

	corev1 "k8s.io/api/core/v1"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/simulation"
	"istio.io/istio/pkg/config/constants"
	pkgmodel "istio.io/istio/pkg/model"
	"istio.io/istio/pkg/network"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/cluster"
)

// version is the release of the sidecars: the one of this istiod.
const version = "1.31.0"

// Proxy is a sidecar with the configuration that istiod sends it.
type Proxy struct {
	Node *model.Proxy
	*simulation.Simulation
}

// Identity is what a sidecar tells istiod about itself.
type Identity struct {
	Name           string
	Namespace      string
	IP             string
	Labels         map[string]string
	ServiceAccount string
	// Network is the one that its environment names.
	Network string
	// CapturesDNS says that it answers its pod's DNS requests.
	CapturesDNS bool
}

// OfWorkload is the identity of the sidecar that makes a workload's calls.
func (s *Server) OfWorkload(w *cluster.Workload) Identity { return s.OfPod(w, w.Pod) }

// OfPod is the identity of the sidecar of one of a workload's pods.
func (s *Server) OfPod(w *cluster.Workload, pod *corev1.Pod) Identity {
	return Identity{
		Name:           pod.Name,
		Namespace:      w.Namespace,
		IP:             pod.Status.PodIP,
		Labels:         pod.Labels,
		ServiceAccount: w.ServiceAccount(),
		Network:        s.Cluster.ProxyNetwork(w),
		CapturesDNS:    s.Cluster.CapturesDNS(w),
	}
}

// Connect makes istiod generate everything for a sidecar.
func (s *Server) Connect(identity Identity) *Proxy {
	proxy := s.SetupProxy(&model.Proxy{
		Type:            model.SidecarProxy,
		ID:              identity.Name + "." + identity.Namespace,
		ConfigNamespace: identity.Namespace,
		DNSDomain:       identity.Namespace + ".svc." + s.Cluster.Domain,
		IPAddresses:     []string{identity.IP},
		Labels:          maps.Clone(identity.Labels),
		Metadata: &model.NodeMetadata{
			Namespace:      identity.Namespace,
			Labels:         maps.Clone(identity.Labels),
			ServiceAccount: identity.ServiceAccount,
			WorkloadName:   identity.Name,
			ClusterID:      constants.DefaultClusterName,
			Network:        network.ID(identity.Network),
			DNSCapture:     pkgmodel.StringBool(identity.CapturesDNS),
			IstioVersion:   version,
		},
	})
	simulated := simulation.NewSimulationFromConfigGen(&testing.T{}, s.ConfigGenTest, proxy)
	simulated.Routes = firstOfEachName(simulated.Routes)
	compareWithoutCase(simulated.Listeners)
	return &Proxy{Node: proxy, Simulation: simulated}
}

// compareWithoutCase writes the server names of filter chains as Envoy compares
// them, which the simulator doesn't do.
func compareWithoutCase(listeners []*listener.Listener) {
	for _, one := range listeners {
		for _, chain := range one.FilterChains {
			for index, name := range chain.GetFilterChainMatch().GetServerNames() {
				chain.FilterChainMatch.ServerNames[index] = strings.ToLower(name)
			}
		}
	}
}

// firstOfEachName drops what only a test asks for: the simulation requests a
// route once for each listener that uses it, and istiod's second answer in one
// request is empty (getVirtualHostsForSniffedServicePort changes the virtual
// host that it has cached). Envoy requests each name once.
func firstOfEachName(routes []*route.RouteConfiguration) []*route.RouteConfiguration {
	known := map[string]bool{}
	return slices.DeleteFunc(routes, func(r *route.RouteConfiguration) bool {
		again := known[r.Name]
		known[r.Name] = true
		return again
	})
}
