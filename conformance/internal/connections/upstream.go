package connections

import (
	"net/netip"
	"slices"

	envoycluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	proxyprotocol "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/proxy_protocol/v3"
	rawbuffer "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/raw_buffer/v3"
	tls "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/xds/endpoints"
	"istio.io/istio/pkg/wellknown"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/cluster"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
)

// transportSocketMatch is the metadata by which Envoy picks a socket.
const transportSocketMatch = "envoy.transport_socket_match"

// meshCertificate is the SDS name of the certificate that istiod signs.
const meshCertificate = "default"

// target is one place that a cluster sends to, with the TLS used for it.
type target struct {
	cluster.Place
	tls ClientTLS
	// names are the identities that the client demands of the server.
	names []string
	// handshake is the client's half of the TLS; nil for plaintext.
	handshake *Handshake
	// proxyProtocol says that a header goes before the TLS, which no sidecar
	// takes.
	proxyProtocol bool
}

// upstreams answers for the clusters of one client.
type upstreams struct {
	server   *istiod.Server
	proxy    *istiod.Proxy
	clusters map[string]*envoycluster.Cluster
	assigned map[string]*endpoint.ClusterLoadAssignment
}

func newUpstreams(server *istiod.Server, proxy *istiod.Proxy) *upstreams {
	u := &upstreams{
		server:   server,
		proxy:    proxy,
		clusters: map[string]*envoycluster.Cluster{},
		assigned: map[string]*endpoint.ClusterLoadAssignment{},
	}
	for _, c := range proxy.Clusters {
		u.clusters[c.Name] = c
	}
	return u
}

// keepsAddress says that a cluster sends a call to the address that was
// called. Envoy makes copies of requests without a connection that has one.
func (u *upstreams) keepsAddress(name string) bool {
	return u.clusters[name].GetType() == envoycluster.Cluster_ORIGINAL_DST
}

// targets lists where a cluster sends a call that was made to an address.
func (u *upstreams) targets(c *envoycluster.Cluster, address string, port int) []target {
	if c.GetType() == envoycluster.Cluster_ORIGINAL_DST {
		if override := c.GetOriginalDstLbConfig().GetUpstreamPortOverride().GetValue(); override != 0 {
			port = int(override)
		}
		return targetsAt(c, u.server.Cluster.Reach(address, port), socketOf(c, nil))
	}
	if c.GetClusterType() != nil { // It asks DNS for the host of each call.
		return targetsAt(c, []cluster.Place{{IP: elsewhere, Port: port}}, socketOf(c, nil))
	}
	var found []target
	for _, lb := range callable(u.assignment(c)) {
		found = append(found, targetsAt(c, u.places(lb), socketOf(c, lb.GetMetadata()))...)
	}
	return found
}

// callable are the endpoints that Envoy calls: of several with one address and
// port it keeps the first, and those that aren't healthy get no calls. Those
// that aren't ready are among these, where istiod reads their slice before
// their Service, and else aren't told at all.
func callable(assignment *endpoint.ClusterLoadAssignment) []*endpoint.LbEndpoint {
	var all []*endpoint.LbEndpoint
	known := map[string]bool{}
	for _, locality := range assignment.GetEndpoints() {
		for _, lb := range locality.GetLbEndpoints() {
			address := lb.GetEndpoint().GetAddress().String()
			healthy := lb.GetHealthStatus() == core.HealthStatus_UNKNOWN || lb.GetHealthStatus() == core.HealthStatus_HEALTHY
			if !known[address] && healthy {
				all = append(all, lb)
			}
			known[address] = true
		}
	}
	return all
}

func (u *upstreams) assignment(c *envoycluster.Cluster) *endpoint.ClusterLoadAssignment {
	if c.GetType() != envoycluster.Cluster_EDS {
		return c.GetLoadAssignment()
	}
	known, asked := u.assigned[c.Name]
	if !asked {
		builder := endpoints.NewEndpointBuilder(c.Name, u.proxy.Node, u.server.PushContext())
		known = builder.BuildClusterLoadAssignment(u.server.Env().EndpointIndex)
		u.assigned[c.Name] = known
	}
	return known
}

// known lists the endpoints of a service's port that istiod has, whichever of
// them it tells the client.
func (u *upstreams) known(service *model.Service, number int) []cluster.Place {
	port, hasPort := service.Ports.GetByPort(number)
	shards, found := u.server.Env().EndpointIndex.ShardsForService(string(service.Hostname), service.Attributes.Namespace)
	if !hasPort || !found {
		return nil
	}
	shards.RLock()
	defer shards.RUnlock()
	var places []cluster.Place
	for _, shard := range shards.Shards {
		for _, one := range shard {
			if one.ServicePortName == port.Name {
				places = append(places, u.server.Cluster.Reach(one.FirstAddressOrNil(), int(one.EndpointPort))...)
			}
		}
	}
	return places
}

// places resolves an endpoint's address as the client's Envoy would.
func (u *upstreams) places(lb *endpoint.LbEndpoint) []cluster.Place {
	socket := lb.GetEndpoint().GetAddress().GetSocketAddress()
	host, port := socket.GetAddress(), int(socket.GetPortValue())
	if _, err := netip.ParseAddr(host); err == nil {
		return u.server.Cluster.Reach(host, port)
	}
	addresses, known := u.server.Cluster.Lookup(host, u.proxy.Node.ConfigNamespace)
	if !known && u.server.Cluster.IsOwnName(host) {
		return nil
	}
	if !known {
		return []cluster.Place{{IP: host, Port: port}}
	}
	var places []cluster.Place
	for _, address := range addresses {
		places = append(places, u.server.Cluster.Reach(address, port)...)
	}
	return places
}

func targetsAt(c *envoycluster.Cluster, places []cluster.Place, socket *core.TransportSocket) []target {
	mode, names := clientTLS(socket)
	shake := handshakeOf(c, socket)
	behindHeader := socket.GetName() == wellknown.TransportSocketPROXY
	var found []target
	for _, place := range places {
		found = append(found, target{Place: place, tls: mode, names: names, handshake: shake, proxyProtocol: behindHeader})
	}
	return found
}

// socketOf is the transport socket that Envoy uses for an endpoint.
func socketOf(c *envoycluster.Cluster, metadata *core.Metadata) *core.TransportSocket {
	fields := metadata.GetFilterMetadata()[transportSocketMatch].GetFields()
	for _, match := range c.GetTransportSocketMatches() {
		if fits(match.GetMatch().GetFields(), fields) {
			return match.GetTransportSocket()
		}
	}
	return c.GetTransportSocket()
}

func fits(wanted, fields map[string]*structpb.Value) bool {
	for name, value := range wanted {
		if !proto.Equal(value, fields[name]) {
			return false
		}
	}
	return true
}

// clientTLS reads a transport socket: which certificates the client shows, and
// the server's names that it accepts.
func clientTLS(socket *core.TransportSocket) (ClientTLS, []string) {
	switch {
	case socket.GetName() == wellknown.TransportSocketPROXY:
		around := &proxyprotocol.ProxyProtocolUpstreamTransport{}
		if err := socket.GetTypedConfig().UnmarshalTo(around); err != nil {
			return UnknownTLS, nil
		}
		return clientTLS(around.GetTransportSocket())
	case socket == nil, socket.GetTypedConfig().MessageIs(&rawbuffer.RawBuffer{}):
		return Plaintext, nil
	case socket.Name != wellknown.TransportSocketTLS:
		return UnknownTLS, nil
	}
	context := &tls.UpstreamTlsContext{}
	if err := socket.GetTypedConfig().UnmarshalTo(context); err != nil {
		return UnknownTLS, nil
	}
	common := context.GetCommonTlsContext()
	secrets := common.GetTlsCertificateSdsSecretConfigs()
	mesh := slices.ContainsFunc(secrets, func(s *tls.SdsSecretConfig) bool { return s.GetName() == meshCertificate })
	switch {
	case mesh:
		return IstioMutual, namesOf(common)
	case len(secrets) > 0 || len(common.GetTlsCertificates()) > 0:
		return Mutual, nil
	}
	return Simple, nil
}

func namesOf(common *tls.CommonTlsContext) []string {
	var names []string
	// istiod still writes the field that Envoy calls deprecated.
	//nolint:staticcheck
	for _, matcher := range common.GetCombinedValidationContext().GetDefaultValidationContext().GetMatchSubjectAltNames() {
		names = append(names, matcher.GetExact())
	}
	return names
}
