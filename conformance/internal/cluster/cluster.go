package cluster

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/constants"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/config/mesh/labelselector"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/injection"
)

// Cluster is what stands after the manifests have been applied.
type Cluster struct {
	// Domain is its DNS suffix.
	Domain string
	// IstiodEnv are the variables of istiod's environment that aren't as usual.
	IstiodEnv map[string]string
	Workloads []*Workload
	Services  []*Service
	// Objects are those that istiod reads from Kubernetes.
	Objects []runtime.Object
	// Configs are those that istiod reads as Istio's configuration.
	Configs []config.Config
	// GatewayAPI are the objects of the Kubernetes Gateway API.
	GatewayAPI []GatewayAPIObject
	// Unwatched are those in namespaces that istiod doesn't watch.
	Unwatched  []config.Config
	MeshConfig *meshconfig.MeshConfig
	// MeshConfigError is why istiod can't read the mesh config: it starts with
	// the defaults, as meshwatcher.NewCollection has it.
	MeshConfigError string
	Networks        *meshconfig.MeshNetworks
	Refused         []Refused
	Notes           []string
	// Rivals says that several EndpointSlices list an address for a port in
	// different ways: istiod takes the one that a Go map gives first.
	Rivals bool

	injector   injection.Values
	namespaces map[string]*corev1.Namespace
	services   map[string]*Service
	pods       map[string]*Workload
	shared     map[string]bool
	onePod     bool
	lastSlice  bool
}

// Facts are what no manifest says of a cluster.
type Facts struct {
	ClusterDomain string            `json:"clusterDomain"`
	IstiodEnv     map[string]string `json:"istiodEnv"`
	// OnePod says that each workload runs one pod only, whatever it is.
	OnePod bool `json:"-"`
	// LastSlice says that istiod takes the last of rival EndpointSlices, not the
	// first.
	LastSlice bool `json:"-"`
}

// New makes the cluster of some manifests.
func New(objects []json.RawMessage, facts Facts) (*Cluster, error) {
	read, err := read(objects, cmp.Or(facts.ClusterDomain, constants.DefaultClusterLocalDomain))
	if err != nil {
		return nil, err
	}
	return of(read, facts)
}

func of(read *manifests, facts Facts) (*Cluster, error) {
	meshConfig, err := mesh.ApplyMeshConfigDefaults(read.meshConfig)
	unread := ""
	if err != nil {
		meshConfig, unread = mesh.DefaultMeshConfig(), err.Error()
	}
	injector, err := injection.ReadValues(read.injectorValues)
	if err != nil {
		return nil, fmt.Errorf("reading the injector's values: %w", err)
	}
	c := &Cluster{
		Domain:     read.domain,
		IstiodEnv:  facts.IstiodEnv,
		Workloads:  read.ownWorkloads(),
		Configs:    read.configs,
		GatewayAPI: read.gatewayAPI,
		MeshConfig: meshConfig,

		MeshConfigError: unread,

		Refused:  read.refused,
		Notes:    read.notes,
		injector: injector,
		services: map[string]*Service{},
		pods:     map[string]*Workload{},
		shared:   map[string]bool{},
		onePod:   facts.OnePod,

		lastSlice: facts.LastSlice,
	}
	c.runWorkloads(read.namespaces, facts)
	c.startServices(read.services, slices.Concat(read.slices, mirrored(read.services, read.endpoints)))
	c.createNamespaces(read.namespaces)
	if err := c.findNetworks(read.meshNetworks); err != nil {
		return nil, err
	}
	if err := c.discover(); err != nil {
		return nil, err
	}
	c.allocate()
	return c, nil
}

func (c *Cluster) runWorkloads(namespaces map[string]*corev1.Namespace, facts Facts) {
	settings := newProxySettings(c.MeshConfig, c.Configs, c.injector)
	for index, workload := range c.Workloads {
		workload.run(namespaces[workload.Namespace], index, settings)
		if workload.runsPeer() && !facts.OnePod {
			workload.runPeer(index)
		}
		for _, pod := range workload.Pods() {
			for _, ip := range ipsOf(pod) {
				c.shared[ip] = c.shared[ip] || (c.pods[ip] != nil && c.pods[ip] != workload)
				c.pods[ip] = workload
			}
			c.Objects = append(c.Objects, pod)
		}
	}
}

func (c *Cluster) startServices(services []*corev1.Service, listed []*discoveryv1.EndpointSlice) {
	for index, service := range services {
		started := c.start(service, index, listed)
		c.Services = append(c.Services, started)
		c.services[started.Host()] = started
		c.Objects = append(c.Objects, started.Service)
	}
}

// createNamespaces makes those of the manifests and those that anything lies
// in, with the label that the API server gives each.
func (c *Cluster) createNamespaces(given map[string]*corev1.Namespace) {
	all := map[string]*corev1.Namespace{}
	for name, namespace := range given {
		all[name] = namespace
	}
	add := func(name string) {
		if all[name] == nil {
			all[name] = &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
		}
	}
	add(c.MeshConfig.RootNamespace)
	for _, workload := range c.Workloads {
		add(workload.Namespace)
	}
	for _, service := range c.Services {
		add(service.Namespace)
	}
	for _, config := range c.Configs {
		add(config.Namespace)
	}
	for _, object := range c.GatewayAPI {
		add(object.Namespace())
	}
	for name, namespace := range all {
		namespace.Name = name
		if namespace.Labels == nil {
			namespace.Labels = map[string]string{}
		}
		namespace.Labels[corev1.LabelMetadataName] = name
		c.Objects = append(c.Objects, namespace)
	}
	c.namespaces = all
}

// discover shows istiod the slices, counts the endpoints that it should see, and
// sets aside the configs of namespaces that it doesn't watch: its in-memory store, unlike its
// client of the API server, doesn't do that.
func (c *Cluster) discover() error {
	watched, err := c.watched()
	if err != nil {
		return err
	}
	isWatched := func(namespace string) bool { return watched == nil || watched[namespace] }
	for _, service := range c.Services {
		shown, rivals := service.shown(c.lastSlice, isWatched)
		c.Rivals = c.Rivals || rivals
		for _, slice := range shown {
			c.Objects = append(c.Objects, slice)
		}
		service.count(isWatched)
	}
	all := c.Configs
	c.Configs = nil
	for _, config := range all {
		if isWatched(config.Namespace) {
			c.Configs = append(c.Configs, config)
		} else {
			c.Unwatched = append(c.Unwatched, config)
		}
	}
	return nil
}

// watched are the namespaces that discoverySelectors match; nil if there are
// none, where istiod watches all.
func (c *Cluster) watched() (map[string]bool, error) {
	if len(c.MeshConfig.DiscoverySelectors) == 0 {
		return nil, nil
	}
	watched := map[string]bool{}
	for _, wanted := range c.MeshConfig.DiscoverySelectors {
		selector, err := labelselector.LabelSelectorAsSelector(wanted)
		if err != nil {
			return nil, fmt.Errorf("reading discoverySelectors: %w", err)
		}
		for name, namespace := range c.namespaces {
			watched[name] = watched[name] || selector.Matches(labels.Set(namespace.Labels))
		}
	}
	return watched, nil
}

// NamespaceLabels are those of a namespace, with the one that the API server
// gives it.
func (c *Cluster) NamespaceLabels(name string) map[string]string {
	if namespace := c.namespaces[name]; namespace != nil {
		return namespace.Labels
	}
	return nil
}

// ServiceOfHost finds a Service by its name in DNS.
func (c *Cluster) ServiceOfHost(host string) *Service { return c.services[host] }

// IsShared says whether several workloads have pods with an address: that of a
// node on whose network they are.
func (c *Cluster) IsShared(ip string) bool { return c.shared[ip] }

// WorkloadOfIP finds a workload by its pod's address.
func (c *Cluster) WorkloadOfIP(ip string) *Workload { return c.pods[ip] }
