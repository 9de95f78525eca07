package connections

import (
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"

	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	tcp "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/tcp_proxy/v3"

	"istio.io/istio/pilot/pkg/networking/util"
	"istio.io/istio/pilot/pkg/simulation"
	"istio.io/istio/pilot/test/xdstest"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
)

// way is where a client's listeners and routes send a call.
type way struct {
	// clusters are all that the call can reach.
	clusters []string
	// mirrors are those that get copies of the call.
	mirrors []string
	// blocked says that the proxy lets the call go nowhere, and why.
	blocked string
	// answered says that the proxy may answer by itself.
	answered bool
	// refused says that the client's Envoy doesn't take some routes, and with
	// them drops those that come after them, in no certain order: the
	// simulator doesn't check that.
	refused bool
	// rerouted says that a filter before the router may change what the routes
	// depend on, and Envoy then chooses again: the simulator runs no filters.
	rerouted bool
	// clash says that the call doesn't fit the listener it meets, for reasons
	// other than TLS: two services share its port.
	clash string
	// config names what the call met of the client's configuration.
	config ProxyConfig
}

// follow makes the call through the client's outbound listeners. Listener,
// filter chain and virtual host are the simulator's choice; of the virtual
// host and the TCP proxy all destinations are taken.
func follow(proxy *istiod.Proxy, c *call, address string, kind kind) way {
	var met *listener.FilterChain
	result := proxy.Run(outboundCall(c, address, kind, func(chain *listener.FilterChain) error { met = chain; return nil }))
	found := led(proxy, met, result)
	found.config = ProxyConfig{
		Kind:        string(kind),
		Address:     address,
		Listener:    result.ListenerMatched,
		Route:       result.RouteConfigMatched,
		VirtualHost: result.VirtualHostMatched,
		replacing:   overridesOf(met),
	}
	return found
}

// led says where a filter chain leads.
func led(proxy *istiod.Proxy, met *listener.FilterChain, result simulation.Result) way {
	switch {
	case met == nil:
		return way{clash: "no filter chain: " + result.Error.Error()}
	case errors.Is(result.Error, simulation.ErrProtocolError):
		return way{clash: "the listener takes HTTP only"}
	}
	if manager := xdstest.ExtractHTTPConnectionManager(&testing.T{}, met); manager != nil {
		routes := manager.GetRouteConfig()
		if routes == nil {
			if slices.ContainsFunc(proxy.Routes, isRefused) {
				return way{refused: true}
			}
			routes = xdstest.ExtractRouteConfigurations(proxy.Routes)[result.RouteConfigMatched]
		}
		found := ofVirtualHost(routes, result.VirtualHostMatched)
		found.rerouted = slices.ContainsFunc(manager.GetHttpFilters(), mayReroute) && chooses(routes, result.VirtualHostMatched)
		return found
	}
	if forward := xdstest.ExtractTCPProxy(&testing.T{}, met); forward != nil {
		return ofTCPProxy(forward)
	}
	return way{clash: "the filter chain leads nowhere"}
}

func outboundCall(c *call, address string, kind kind, capture simulation.CustomFilterChainValidation) simulation.Call {
	made := simulation.Call{
		Address:                   address,
		Port:                      c.Port,
		CallMode:                  simulation.CallModeOutbound,
		TLS:                       simulation.Plaintext,
		Protocol:                  simulation.TCP,
		CustomListenerValidations: []simulation.CustomFilterChainValidation{capture},
	}
	switch kind {
	case httpCall:
		made.Protocol = simulation.HTTP
		made.HostHeader = c.header()
		if c.Port != 80 {
			made.HostHeader = net.JoinHostPort(c.header(), strconv.Itoa(c.Port))
		}
	case tlsCall:
		made.TLS = simulation.TLS
		made.Sni = c.header()
	}
	return made
}

// isRefused says whether Envoy rejects a route configuration: one domain may
// stand in it once only.
func isRefused(routes *route.RouteConfiguration) bool {
	known := map[string]bool{}
	for _, virtualHost := range routes.GetVirtualHosts() {
		for _, domain := range virtualHost.GetDomains() {
			if known[domain] {
				return true
			}
			known[domain] = true
		}
	}
	return false
}

func ofVirtualHost(routes *route.RouteConfiguration, name string) way {
	index := slices.IndexFunc(routes.GetVirtualHosts(), func(v *route.VirtualHost) bool { return v.Name == name })
	if name == "" || index < 0 {
		return way{blocked: "no virtual host matches"}
	}
	if name == util.BlackHole {
		return way{blocked: name}
	}
	var found way
	for _, r := range routes.GetVirtualHosts()[index].GetRoutes() {
		action := r.GetRoute()
		switch {
		case action == nil:
			found.answered = true
		case action.GetWeightedClusters() != nil:
			for _, weighted := range action.GetWeightedClusters().GetClusters() {
				if weighted.GetWeight().GetValue() > 0 {
					found.add(weighted.GetName())
				}
			}
		default:
			found.add(action.GetCluster())
		}
		for _, mirror := range action.GetRequestMirrorPolicies() {
			if name := mirror.GetCluster(); !slices.Contains(found.mirrors, name) {
				found.mirrors = append(found.mirrors, name)
			}
		}
	}
	return found
}

// mayReroute says whether a filter runs code of somebody's own: a Lua script,
// or what WasmPlugins and TrafficExtensions add.
func mayReroute(filter *hcm.HttpFilter) bool {
	return strings.Contains(filter.GetName(), "lua") || strings.HasPrefix(filter.GetName(), "extensions.istio.io/")
}

// chooses says whether a virtual host has a route for some requests only, and
// leads others elsewhere.
func chooses(routes *route.RouteConfiguration, name string) bool {
	for _, virtualHost := range routes.GetVirtualHosts() {
		if virtualHost.Name != name {
			continue
		}
		all := virtualHost.GetRoutes()
		isLike := func(r *route.Route) bool { return clustersOf(r) == clustersOf(all[0]) }
		if slices.ContainsFunc(all, isForAll) && !slices.ContainsFunc(all, func(r *route.Route) bool { return !isLike(r) }) {
			return false
		}
		return slices.ContainsFunc(all, func(r *route.Route) bool { return !isForAll(r) })
	}
	return false
}

// clustersOf are those to which a route leads requests and copies of them.
func clustersOf(r *route.Route) string {
	action := r.GetRoute()
	if action == nil {
		return "an answer"
	}
	var names []string
	if name := action.GetCluster(); name != "" {
		names = append(names, name)
	}
	for _, weighted := range action.GetWeightedClusters().GetClusters() {
		if weighted.GetWeight().GetValue() > 0 {
			names = append(names, weighted.GetName())
		}
	}
	for _, mirror := range action.GetRequestMirrorPolicies() {
		names = append(names, "a copy to "+mirror.GetCluster())
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}

func isForAll(r *route.Route) bool {
	match := r.GetMatch()
	return match.GetPrefix() == "/" && len(match.GetHeaders())+len(match.GetQueryParameters()) == 0
}

func ofTCPProxy(forward *tcp.TcpProxy) way {
	var found way
	if forward.GetWeightedClusters() == nil {
		found.add(forward.GetCluster())
	}
	for _, weighted := range forward.GetWeightedClusters().GetClusters() {
		if weighted.GetWeight() > 0 {
			found.add(weighted.GetName())
		}
	}
	return found
}

func (w *way) add(cluster string) {
	if cluster == util.BlackHoleCluster {
		w.blocked = cluster
	} else if !slices.Contains(w.clusters, cluster) {
		w.clusters = append(w.clusters, cluster)
	}
}
