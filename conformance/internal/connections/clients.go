package connections

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/networking/util"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/cluster"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/injection"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
)

// client makes calls in a workload's name and collects what comes of them.
type client struct {
	workload *cluster.Workload
	server   *istiod.Server
	servers  *servers
	// proxy and upstreams are nil without sidecar.
	proxy     *istiod.Proxy
	upstreams *upstreams
	found     *found
	// calls are all that anybody may make.
	calls []*call
}

// judge makes one call in every way that an application may.
func (c *client) judge(made *call) {
	why := firstOf(c.notJudged(made.Port), c.ownNames(made.Host))
	addresses := c.withoutPeer(made, c.addressesOf(made))
	if len(addresses) == 0 {
		c.add(made, Connection{Service: made.service(), ClientTLS: UnknownTLS, Detail: "headless without pods"}, unknown,
			"the host resolves to no address", "")
		return
	}
	for _, address := range addresses {
		for _, kind := range made.kinds {
			if c.proxy == nil {
				configs := []ProxyConfig{{Kind: string(kind), Address: address}}
				c.arrive(made, address, "direct", Connection{Service: made.service(), Configs: configs}, false, why, kind)
			} else {
				c.send(made, address, kind, why)
			}
		}
	}
}

// addressesOf are those that the call's host resolves to for this client: a
// sidecar that answers DNS requests knows ServiceEntries by istiod's addresses.
func (c *client) addressesOf(made *call) []string {
	if c.proxy != nil && c.server.Cluster.CapturesDNS(c.workload) {
		known := c.proxy.Node.SidecarScope.Services()
		index := slices.IndexFunc(known, func(s *model.Service) bool {
			return string(s.Hostname) == made.Host && s.AutoAllocatedIPv4Address != ""
		})
		if index >= 0 {
			return []string{known[index].AutoAllocatedIPv4Address}
		}
	}
	if addresses, known := c.server.Cluster.Lookup(made.Host, c.workload.Namespace); known {
		return c.withOwn(addresses)
	}
	return made.addresses
}

// withOwn adds the client's own address where a name leads to one of its
// workload's pods: the pod of that name calls it as well, and its proxy has no
// listener for its own address.
func (c *client) withOwn(addresses []string) []string {
	peer := c.workload.Peer
	if peer == nil || !slices.Contains(addresses, peer.Status.PodIP) || slices.Contains(addresses, c.workload.IP()) {
		return addresses
	}
	return append(slices.Clone(addresses), c.workload.IP())
}

// withoutPeer leaves out the address of a second pod that the workload has
// only if it is scaled, unless it lists the call.
func (c *client) withoutPeer(made *call, addresses []string) []string {
	peer := c.workload.Peer
	if peer == nil || c.workload.SeveralPods() || c.declares(made) {
		return addresses
	}
	return slices.DeleteFunc(slices.Clone(addresses), func(ip string) bool { return ip == peer.Status.PodIP })
}

var unknown = verdict{mode: UnknownMode, outcome: Undecided}

// send follows one call through the client's proxy.
func (c *client) send(made *call, address string, kind kind, why string) {
	way := follow(c.proxy, made, address, kind)
	base := Connection{Service: made.service(), Configs: []ProxyConfig{way.config}}
	if way.rerouted {
		why = firstOf(why, "a filter before the client's router may change what its routes depend on")
	}
	if way.clash != "" {
		base.ClientTLS, base.Detail = UnknownTLS, way.clash
		c.add(made, base, unknown, firstOf(why, "a clash of protocols on the client's listener: "+way.clash), kind)
	}
	if way.refused {
		base.ClientTLS, base.Detail = UnknownTLS, "no routes"
		c.add(made, base, unknown, firstOf(why, "routes that the client's Envoy refuses"), kind)
	}
	if way.answered {
		base.ClientTLS, base.Detail = UnknownTLS, "the proxy answers"
		c.add(made, base, unknown, firstOf(why, "a route redirects or answers by itself"), kind)
	}
	if way.blocked != "" {
		if way.blocked == util.BlackHoleCluster {
			base.Configs[0].Cluster = way.blocked
		}
		c.arrive(made, address, way.blocked, base, true, why, kind)
	}
	for _, name := range way.clusters {
		c.deliver(made, address, name, way.config, why, kind)
	}
	for _, name := range way.mirrors {
		if c.upstreams.keepsAddress(name) {
			c.add(made, Connection{Service: c.serviceOf(name), ClientTLS: UnknownTLS, Detail: name}, unknown,
				firstOf(why, "copies of requests, which were sent to no address"), kind)
			continue
		}
		c.deliver(made, address, name, way.config, why, kind)
	}
}

// deliver follows a call from the client's cluster to the servers.
func (c *client) deliver(made *call, address, name string, config ProxyConfig, why string, kind kind) {
	config.Cluster = name
	configs := []ProxyConfig{config}
	if name == util.PassthroughCluster {
		c.arrive(made, address, name, Connection{Service: made.service(), Configs: configs}, false, why, kind)
		return
	}
	if name == util.AllowAnyDynamicDNSCluster {
		c.lookUp(made, address, config, why, kind)
		return
	}
	base := Connection{Service: c.serviceOf(name), Detail: name, ClientTLS: Plaintext, Configs: configs}
	upstream := c.upstreams.clusters[name]
	if upstream == nil && base.Service.Subset == "" && c.server.PushContext().EnvoyFilters(c.proxy.Node) != nil && c.isAlone(made, name) {
		return
	}
	if upstream == nil {
		base.Detail = "no such cluster: " + name
		c.add(made, base, verdict{mode: UnknownMode, outcome: Broken}, why, kind)
		return
	}
	targets := c.upstreams.targets(upstream, address, made.Port)
	if len(targets) == 0 && c.isAlone(made, name) {
		return
	}
	if len(targets) == 0 {
		base.ClientTLS = UnknownTLS
		if len(upstream.GetTransportSocketMatches()) == 0 {
			base.ClientTLS, _ = clientTLS(upstream.GetTransportSocket())
		}
		base.Detail = "no endpoints: " + name
		c.add(made, base, unknown, why, kind)
	}
	for _, target := range targets {
		base.ClientTLS = target.tls
		config.Client = config.replacing.in(target.handshake, upstream)
		base.Configs = []ProxyConfig{config}
		c.reach(made, base, target, why, kind)
	}
}

// lookUp sends a call where its host leads, in the TLS of the mesh config.
func (c *client) lookUp(made *call, address string, config ProxyConfig, why string, kind kind) {
	mode, _ := clientTLS(c.upstreams.clusters[util.AllowAnyDynamicDNSCluster].GetTransportSocket())
	if mode == Plaintext {
		base := Connection{Service: made.service(), Configs: []ProxyConfig{config}}
		c.arrive(made, address, util.AllowAnyDynamicDNSCluster, base, false, why, kind)
		return
	}
	for _, place := range c.server.Cluster.Reach(address, made.Port) {
		c.reach(made, Connection{Service: made.service(), Detail: util.AllowAnyDynamicDNSCluster, ClientTLS: mode}, target{Place: place, tls: mode}, why, kind)
	}
}

// arrive sends a call to the address that the application chose, as it is, or
// shows where it would have gone had the proxy not blocked it.
func (c *client) arrive(made *call, address, detail string, base Connection, blocked bool, why string, kind kind) {
	base.Detail, base.ClientTLS = detail, Plaintext
	places := c.server.Cluster.Reach(address, made.Port)
	if len(places) == 0 {
		v := unknown
		if blocked {
			v.outcome = Broken
		}
		base.Detail = "no endpoints: " + detail
		c.add(made, base, v, why, kind)
	}
	for _, place := range places {
		if c.isNoCall(made, place, base.Service) {
			continue
		}
		v := c.servers.judge(target{Place: place, tls: Plaintext}, kind)
		if blocked {
			v.outcome, v.inbound = Broken, nil
		} else if place.Workload == nil && c.nowhere(made) {
			v.why = "no manifest says where the host's name leads"
		}
		c.add(made, base, v, why, kind)
	}
}

func (c *client) reach(made *call, base Connection, t target, why string, kind kind) {
	if c.isNoCall(made, t.Place, base.Service) {
		return
	}
	c.add(made, base, c.servers.judge(t, kind), why, kind)
}

// isAlone says whether istiod knows no endpoint of a cluster but those of the
// client itself: without them, as on another network, or without the cluster,
// which a patch removes, only a call to itself fails.
func (c *client) isAlone(made *call, name string) bool {
	_, _, host, port := model.ParseSubsetKey(name)
	service := c.server.PushContext().ServiceForHostname(c.proxy.Node, host)
	if service == nil {
		return false
	}
	places := c.upstreams.known(service, port)
	return len(places) > 0 && !slices.ContainsFunc(places, func(place cluster.Place) bool {
		return !c.isNoCall(made, place, serviceNamed(service, port, ""))
	})
}

// isNoCall says whether a call ends at the pod that makes it, or at another
// of its workload's without being made for one of them: by a StatefulSet, to a
// headless service, or because the workload declares the call.
func (c *client) isNoCall(made *call, place cluster.Place, service Service) bool {
	if place.Workload != c.workload || c.server.Cluster.IsShared(place.IP) {
		return false
	}
	if place.IP == c.workload.IP() {
		return true
	}
	known := c.server.Cluster.ServiceOfHost(service.Host)
	toHeadless := known != nil && known.Headless() && known.Namespace == service.Namespace && known.Name == service.Name
	amongPeers := c.workload.SeveralPods() && (c.workload.Kind == "StatefulSet" || toHeadless)
	return !amongPeers && !c.declares(made)
}

func (c *client) add(made *call, connection Connection, v verdict, why string, kind kind) {
	connection.Client = named(c.workload)
	connection.Requested = made.Requested
	connection.Server, connection.ServerMode, connection.Outcome = v.server, v.mode, v.outcome
	connection.Why = firstOf(why, v.why)
	connection.Configs = arriving(connection.Configs, v.server, v.inbound)
	if proxy := c.workload.Injection.Proxy; proxy != injection.Sidecar && proxy != injection.None {
		connection.ClientTLS, connection.Outcome = UnknownTLS, Undecided
	}
	if kind != "" {
		connection.Via = []string{string(kind)}
	}
	c.found.add(connection)
}

// serviceOf reads the service from a cluster's name.
func (c *client) serviceOf(name string) Service {
	_, subset, host, port := model.ParseSubsetKey(name)
	if service := c.server.PushContext().ServiceForHostname(c.proxy.Node, host); service != nil {
		return serviceNamed(service, port, subset)
	}
	services := allServices(c.server)
	index := slices.IndexFunc(services, func(s *model.Service) bool { return s.Hostname == host })
	if index >= 0 {
		return serviceNamed(services[index], port, subset)
	}
	return Service{Host: string(host), Port: port, Subset: subset}
}

const (
	excludeOutbound = "traffic.sidecar.istio.io/excludeOutboundPorts"
	outboundNotes   = "traffic.sidecar.istio.io/"
	proxyUser       = 1337
)

// notJudged says why the calls of this client to a port aren't istiod's to
// judge.
func (c *client) notJudged(port int) string {
	proxy := c.workload.Injection.Proxy
	switch {
	case proxy == injection.None && c.workload.Pod.Spec.HostNetwork:
		return "hostNetwork"
	case proxy == injection.None:
		return ""
	case proxy != injection.Sidecar:
		return notASidecar(c.workload)
	case c.workload.Pod.Annotations[interception] == "NONE":
		return interception + " is NONE"
	case asProxy(c.workload.Pod):
		return "a container runs as the sidecar's user"
	case slices.Contains(istioPorts, port):
		return fmt.Sprintf("port %d is Istio's own", port)
	case lists(c.workload.Pod.Annotations[excludeOutbound], port):
		return excludeOutbound + " is " + c.workload.Pod.Annotations[excludeOutbound]
	}
	for name, value := range c.workload.Pod.Annotations {
		isRange := strings.HasSuffix(name, "cludeOutboundIPRanges") || strings.HasSuffix(name, "includeOutboundPorts")
		if strings.HasPrefix(name, outboundNotes) && isRange {
			return name + " is " + value
		}
	}
	return ""
}

// ownNames says why a host doesn't lead a client where the cluster's DNS leads.
func (c *client) ownNames(host string) string {
	spec := c.workload.Pod.Spec
	if spec.DNSPolicy == corev1.DNSNone {
		return "dnsPolicy is None"
	}
	for _, alias := range spec.HostAliases {
		if slices.ContainsFunc(alias.Hostnames, func(name string) bool { return host == name || strings.HasPrefix(host, name+".") }) {
			return "hostAliases name the host"
		}
	}
	return ""
}

// asProxy says that some container's calls pass by the sidecar, since it runs
// as the sidecar does.
func asProxy(pod *corev1.Pod) bool {
	isProxy := func(id *int64) bool { return id != nil && *id == proxyUser }
	return slices.ContainsFunc(pod.Spec.Containers, func(c corev1.Container) bool {
		own := c.SecurityContext
		return own != nil && (isProxy(own.RunAsUser) || isProxy(own.RunAsGroup))
	})
}

func firstOf(texts ...string) string {
	index := slices.IndexFunc(texts, func(text string) bool { return text != "" })
	if index < 0 {
		return ""
	}
	return texts[index]
}
