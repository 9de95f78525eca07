package connections

import (
	"reflect"

	envoycluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	tls "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	http "github.com/envoyproxy/go-control-plane/envoy/extensions/upstreams/http/v3"

	proxyprotocol "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/proxy_protocol/v3"

	"istio.io/istio/pkg/wellknown"
)

// ProxyConfig names what of both proxies' configuration takes a call.
type ProxyConfig struct {
	// Kind is that of the call: http, tcp or tls.
	Kind string `json:"kind"`
	// Address is the one that the host led to.
	Address     string         `json:"address"`
	Listener    string         `json:"listener,omitempty"`
	Route       string         `json:"route,omitempty"`
	VirtualHost string         `json:"virtualHost,omitempty"`
	Cluster     string         `json:"cluster,omitempty"`
	Client      *Handshake     `json:"client,omitempty"`
	Inbound     *InboundConfig `json:"inbound,omitempty"`
	// replacing is what the listener's filter for ALPN has.
	replacing alpnOverrides
}

// Handshake is one side's half of the TLS.
type Handshake struct {
	SNI string `json:"sni,omitempty"`
	// AutoSNI says that the name is the request's own.
	AutoSNI bool     `json:"autoSni,omitempty"`
	ALPN    []string `json:"alpn,omitempty"`
	// HTTPALPN is what the listener's filter puts in its place.
	HTTPALPN []string `json:"httpAlpn,omitempty"`
	// Names are those of which the server's certificate must have one.
	Names []string `json:"names,omitempty"`
	Min   string   `json:"min"`
	Max   string   `json:"max"`
}

// InboundConfig is what the server's proxy takes a call by.
type InboundConfig struct {
	FilterChain string     `json:"filterChain,omitempty"`
	Cluster     string     `json:"cluster,omitempty"`
	TLS         *Handshake `json:"tls,omitempty"`
	// Refused says why no filter chain takes it.
	Refused string `json:"refused,omitempty"`
}

func (c ProxyConfig) equals(other ProxyConfig) bool { return reflect.DeepEqual(c, other) }

// arriving adds what takes a call at its server.
func arriving(configs []ProxyConfig, server *ServerPort, inbound *InboundConfig) []ProxyConfig {
	if server == nil || inbound == nil {
		return configs
	}
	var arrived []ProxyConfig
	for _, config := range configs {
		config.Inbound = inbound
		arrived = append(arrived, config)
	}
	return arrived
}

// handshakeOf reads the client's half from a cluster's socket; nil for plaintext.
func handshakeOf(c *envoycluster.Cluster, socket *core.TransportSocket) *Handshake {
	if socket.GetName() == wellknown.TransportSocketPROXY {
		around := &proxyprotocol.ProxyProtocolUpstreamTransport{}
		if err := socket.GetTypedConfig().UnmarshalTo(around); err != nil {
			return nil
		}
		return handshakeOf(c, around.GetTransportSocket())
	}
	context := &tls.UpstreamTlsContext{}
	if socket.GetName() != wellknown.TransportSocketTLS || socket.GetTypedConfig().UnmarshalTo(context) != nil {
		return nil
	}
	shake := halfOf(context.GetCommonTlsContext())
	shake.SNI, shake.AutoSNI = context.GetSni(), autoSNI(c)
	shake.Names = namesOf(context.GetCommonTlsContext())
	return shake
}

// serverTLS reads the server's half from a filter chain's socket; nil if the
// chain ends no TLS.
func serverTLS(socket *core.TransportSocket) *Handshake {
	context := &tls.DownstreamTlsContext{}
	if socket.GetName() != wellknown.TransportSocketTLS || socket.GetTypedConfig().UnmarshalTo(context) != nil {
		return nil
	}
	return halfOf(context.GetCommonTlsContext())
}

func halfOf(common *tls.CommonTlsContext) *Handshake {
	params := common.GetTlsParams()
	return &Handshake{
		ALPN: common.GetAlpnProtocols(),
		Min:  params.GetTlsMinimumProtocolVersion().String(),
		Max:  params.GetTlsMaximumProtocolVersion().String(),
	}
}

func autoSNI(c *envoycluster.Cluster) bool {
	options := &http.HttpProtocolOptions{}
	config := c.GetTypedExtensionProtocolOptions()["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"]
	return config != nil && config.UnmarshalTo(options) == nil && options.GetUpstreamHttpProtocolOptions().GetAutoSni()
}
