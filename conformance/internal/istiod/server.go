// Package istiod runs istiod's config generator over a cluster, or over two
// states of one.
package istiod

import (
	"fmt"
	"runtime/debug"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"

	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/networking/core"
	"istio.io/istio/pilot/pkg/serviceregistry/provider"
	"istio.io/istio/pilot/pkg/xds"
	"istio.io/istio/pkg/config/host"
	"istio.io/istio/pkg/config/labels"
	"istio.io/istio/pkg/config/schema/gvk"
	"istio.io/istio/pkg/config/visibility"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/test"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/cluster"
)

// Server is istiod with one cluster.
type Server struct {
	*core.ConfigGenTest
	Cluster *cluster.Cluster

	t         test.Failer
	discovery *xds.DiscoveryServer
}

// istiod's global handler would hold the collections of every server that was
// ever started.
func init() { krt.GlobalDebugHandler = nil }

// With starts an istiod over each of two states of a cluster, hands both to
// use, and stops them; over one only, if the states are one. An error is
// anything that istiod's code gives up on, a crash included.
func With(clients, servers *cluster.Cluster, use func(clients, servers *Server) error) error {
	return under(clients.IstiodEnv, func() error {
		return Over(clients, func(ofClients *Server) error {
			if servers == clients {
				return use(ofClients, ofClients)
			}
			return Over(servers, func(ofServers *Server) error { return use(ofClients, ofServers) })
		})
	})
}

// Over runs istiod over one cluster, under the flags that are there: it is for
// further states of a cluster over which With runs one.
func Over(c *cluster.Cluster, use func(*Server) error) error {
	var failed error
	err := test.Wrap(func(t test.Failer) {
		defer func() {
			if crash := recover(); crash != nil {
				failed = fmt.Errorf("istiod's code crashed: %v\n%s", crash, debug.Stack())
			}
		}()
		generator, discovery := start(t, c)
		server := &Server{ConfigGenTest: generator, Cluster: c, t: t, discovery: discovery}
		if failed = server.settle(); failed == nil {
			failed = use(server)
		}
	})
	if failed != nil {
		return failed
	}
	return err
}

// client is istiod's fake Kubernetes client. The objects are put into its
// tracker as they are, since creating them through it looks up every kind of
// every API anew for each, half of the time that a mesh takes.
func client(objects ...runtime.Object) kube.Client {
	made := kube.NewFakeClient()
	tracker := made.Kube().(*fake.Clientset).Tracker()
	for _, object := range objects {
		if err := tracker.Add(object); err != nil {
			panic(fmt.Sprintf("adding an object: %v", err))
		}
	}
	return made
}

// settle waits until istiod has seen every endpoint, and then makes it build
// its configuration anew from them.
func (s *Server) settle() error {
	wanted := s.wanted()
	deadline := time.Now().Add(2 * time.Second)
	for !s.holds(wanted) {
		if time.Now().After(deadline) {
			return fmt.Errorf("istiod hasn't seen all endpoints in time: wanted %v", wanted)
		}
		time.Sleep(time.Millisecond)
	}
	s.showEntries()
	for range s.rounds() {
		s.discovery.ConfigUpdate(&model.PushRequest{Forced: true})
		ensureSynced(s.t, s.discovery)
	}
	return nil
}

// showEntries says of each ServiceEntry's services how far the mesh config
// lets them be seen. istiod does it by the labels of its namespace, and the
// registry of its test server has no namespaces.
func (s *Server) showEntries() {
	matcher, _ := model.CompileServiceEntryVisibility(s.Cluster.MeshConfig.GetServiceEntryVisibility())
	for _, service := range s.Services() {
		if service.Attributes.ServiceRegistry == provider.External {
			service.Attributes.Visibility = matcher.VisibilityFor(s.Cluster.NamespaceLabels(service.Attributes.Namespace))
		}
	}
}

type serviceKey struct{ host, namespace string }

// wanted counts the endpoints that each service should have. A ServiceEntry
// may bear a Service's host: they are one there.
func (s *Server) wanted() map[serviceKey]int {
	wanted := map[serviceKey]int{}
	for _, service := range s.Services() {
		key := serviceKey{string(service.Hostname), service.Attributes.Namespace}
		if _, counted := wanted[key]; counted {
			continue
		}
		known := s.Cluster.ServiceOfHost(key.host)
		if known != nil && known.Namespace == key.namespace && !service.Attributes.ExportTo.Contains(visibility.None) {
			for _, port := range known.Ports {
				wanted[key] += port.Shown
			}
		}
	}
	for _, config := range s.Cluster.Configs {
		entry, isEntry := config.Spec.(*networking.ServiceEntry)
		if !isEntry || entry.WorkloadSelector == nil || entry.Resolution == networking.ServiceEntry_DNS {
			continue
		}
		selected := s.selected(config.Namespace, entry.WorkloadSelector.Labels)
		for _, name := range entry.Hosts {
			key := serviceKey{string(host.Name(name)), config.Namespace}
			wanted[key] = max(wanted[key], selected*len(entry.Ports))
		}
	}
	return wanted
}

// selected counts the pods, unless istiod is told otherwise, and the
// WorkloadEntries that a ServiceEntry selects.
func (s *Server) selected(namespace string, selector map[string]string) int {
	count := 0
	for _, workload := range s.Cluster.Workloads {
		if features.EnableServiceEntrySelectPods && workload.Namespace == namespace && labels.Instance(selector).SubsetOf(workload.Pod.Labels) {
			count += len(workload.Pods())
		}
	}
	for _, config := range s.Cluster.Configs {
		entry, isEntry := config.Spec.(*networking.WorkloadEntry)
		if isEntry && config.GroupVersionKind == gvk.WorkloadEntry && config.Namespace == namespace &&
			labels.Instance(selector).SubsetOf(entry.Labels) {
			count++
		}
	}
	return count
}

func (s *Server) holds(wanted map[serviceKey]int) bool {
	for key, count := range wanted {
		shards, found := s.Env().EndpointIndex.ShardsForService(key.host, key.namespace)
		if count == 0 {
			continue
		}
		if !found {
			return false
		}
		shards.RLock()
		held := 0
		for _, shard := range shards.Shards {
			held += len(shard)
		}
		shards.RUnlock()
		if held < count {
			return false
		}
	}
	return true
}

// Services are all that istiod knows, Kubernetes' and ServiceEntries'.
func (s *Server) Services() []*model.Service {
	return model.SortServicesByCreationTime(s.Env().ServiceDiscovery.Services())
}
