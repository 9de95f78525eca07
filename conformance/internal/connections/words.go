// Package connections says of every connection of a mesh which TLS istiod
// makes the client send, which mode the server's listener is in, and what
// comes of it.
package connections

import "github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/cluster"

// ClientTLS is what the client's side makes of a call: PLAINTEXT leaves it as
// it is, with the application's own TLS if it has any.
type ClientTLS string

const (
	IstioMutual ClientTLS = "ISTIO_MUTUAL"
	Mutual      ClientTLS = "MUTUAL"
	Simple      ClientTLS = "SIMPLE"
	Plaintext   ClientTLS = "PLAINTEXT"
	UnknownTLS  ClientTLS = "UNKNOWN"
)

// ServerMode is what the server's side takes.
type ServerMode string

const (
	Strict      ServerMode = "STRICT"
	Permissive  ServerMode = "PERMISSIVE"
	Disable     ServerMode = "DISABLE"
	NoProxy     ServerMode = "NO_PROXY"
	UnknownMode ServerMode = "UNKNOWN"
)

// Outcome is what comes of the two.
type Outcome string

const (
	MTLS           Outcome = "mtls"
	TLS            Outcome = "tls"
	PlaintextComes Outcome = "plaintext"
	Broken         Outcome = "broken"
	Undecided      Outcome = "undecided"
)

// Workload names a workload.
type Workload struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// Requested is what the application calls.
type Requested struct {
	Host string `json:"host"`
	Port int    `json:"port"`
}

// Service is where the client's proxy sends the call.
type Service struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Host      string `json:"host"`
	Port      int    `json:"port"`
	Subset    string `json:"subset,omitempty"`
}

// ServerPort is where the connection ends.
type ServerPort struct {
	Workload
	Port int `json:"port"`
}

// Connection is one call's way to one server, and the verdict on it.
type Connection struct {
	Client     Workload    `json:"client"`
	Requested  Requested   `json:"requested"`
	Service    Service     `json:"service"`
	Server     *ServerPort `json:"server"`
	ClientTLS  ClientTLS   `json:"clientTls"`
	ServerMode ServerMode  `json:"serverMode"`
	Outcome    Outcome     `json:"outcome"`
	// Via are the kinds of call that go this way: http, tcp or tls.
	Via []string `json:"via,omitempty"`
	// Detail is istiod's cluster, or what was met instead of one.
	Detail string `json:"detail,omitempty"`
	// Why says, of an unjudged connection, what the referee can't judge.
	Why string `json:"why,omitempty"`
	// Configs name what of the proxies' configuration takes it, for each kind
	// of call and each address of the host; none without a sidecar.
	Configs []ProxyConfig `json:"configs,omitempty"`
}

// PortMode is the mode of one port of one workload, and the three probes that
// it was read from.
type PortMode struct {
	ServerPort
	Mode      ServerMode `json:"mode"`
	Plaintext bool       `json:"plaintext"`
	MTLS      bool       `json:"mtls"`
	TLS       bool       `json:"tls"`
	Why       string     `json:"why,omitempty"`
}

// ProxyOf is the proxy that a workload's pod was given.
type ProxyOf struct {
	Workload
	Proxy string `json:"proxy"`
	Why   string `json:"why"`
}

// Verdict is everything that is said of one mesh.
type Verdict struct {
	ID          string            `json:"id"`
	Connections []Connection      `json:"connections"`
	Unjudged    []Connection      `json:"unjudged"`
	ServerModes []PortMode        `json:"serverModes"`
	Proxies     []ProxyOf         `json:"proxies"`
	Refused     []cluster.Refused `json:"refused"`
	// ServersRefused are those of the servers' state, where it is another.
	ServersRefused []cluster.Refused `json:"serversRefused,omitempty"`
	Notes          []string          `json:"notes,omitempty"`
	// MeshConfigError is why istiod can't read the mesh config of the clients'
	// state: what is judged is an istiod that starts with the defaults.
	MeshConfigError string `json:"meshConfigError,omitempty"`
	Error           string `json:"error,omitempty"`
}
