//go:build linux

package dataplane

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/handshake"
)

// Wire is what a connection carries, by its first bytes.
type Wire string

const (
	Plaintext Wire = "plaintext"
	TLS       Wire = "tls"
	// MeshTLS is TLS that names Istio's own protocols.
	MeshTLS Wire = "mtls"
	// Silence is a connection on which its client says nothing.
	Silence Wire = "silence"
	// Header is a PROXY protocol header, of a probe: whether anything gets
	// through after it is a matter of time.
	Header Wire = "header"
)

// Flow is one connection between two hosts, as the router saw it.
type Flow struct {
	Client string `json:"client"`
	Server string `json:"server"`
	Port   int    `json:"port"`
	Wire   Wire   `json:"wire"`
	// ProxyHeader says that a PROXY protocol header came first.
	ProxyHeader bool `json:"proxyHeader,omitempty"`
	// Refused says that the server's host didn't take the connection.
	Refused bool `json:"refused,omitempty"`
}

// tracked is how much of a connection is kept: a ClientHello fits.
const tracked = 4096

type flow struct {
	client, server netip.AddrPort
	sent           []byte
	// pieces are what both sides sent, in order.
	pieces   []handshake.Piece
	accepted bool
	reset    bool
	// active is when the client last sent something.
	active int
}

// recorder watches every connection that passes the router.
type recorder struct {
	mutex sync.Mutex
	flows map[[2]netip.AddrPort]*flow
	clock int
	fd    int
	// marked is the last marker seen, which seen tells of.
	marked uint64
	seen   *sync.Cond
}

func startRecorder(router *namespace) (*recorder, error) {
	c := &recorder{flows: map[[2]netip.AddrPort]*flow{}}
	c.seen = sync.NewCond(&c.mutex)
	err := router.do(func() (err error) {
		c.fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, int(networkOrder(unix.ETH_P_ALL)))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listening to the router's packets: %w", err)
	}
	if err := unix.SetsockoptTimeval(c.fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 100_000}); err != nil {
		return nil, err
	}
	if err := unix.SetsockoptInt(c.fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, 16<<20); err != nil {
		return nil, err
	}
	return c, nil
}

func networkOrder(value uint16) uint16 { return value<<8 | value>>8 }

// watch reads packets until done is closed.
func (c *recorder) watch(done <-chan struct{}) {
	defer unix.Close(c.fd)
	buffer := make([]byte, 1<<16)
	for {
		select {
		case <-done:
			return
		default:
		}
		size, from, err := unix.Recvfrom(c.fd, buffer, 0)
		if err != nil {
			continue
		}
		// Each packet leaves the router once, with the addresses that its receiver sees.
		if link, isLink := from.(*unix.SockaddrLinklayer); isLink && link.Pkttype == unix.PACKET_OUTGOING && link.Protocol == networkOrder(unix.ETH_P_IP) {
			c.see(buffer[:size])
		}
	}
}

const (
	flagSYN = 1 << 1
	flagRST = 1 << 2
	flagACK = 1 << 4
)

func (c *recorder) see(packet []byte) {
	if len(packet) < 20 {
		return
	}
	header := int(packet[0]&15) * 4
	if packet[9] == unix.IPPROTO_UDP && len(packet) == header+8+markerSize {
		c.mark(binary.BigEndian.Uint64(packet[header+8:]))
		return
	}
	if packet[9] != unix.IPPROTO_TCP {
		return
	}
	length := int(binary.BigEndian.Uint16(packet[2:]))
	if length == 0 || length > len(packet) {
		length = len(packet)
	}
	segment := packet[header:length]
	if len(segment) < 20 {
		return
	}
	from := netip.AddrPortFrom(netip.AddrFrom4([4]byte(packet[12:16])), binary.BigEndian.Uint16(segment))
	to := netip.AddrPortFrom(netip.AddrFrom4([4]byte(packet[16:20])), binary.BigEndian.Uint16(segment[2:]))
	flags, payload := segment[13], segment[int(segment[12]>>4)*4:]
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if flags&flagSYN != 0 && flags&flagACK == 0 {
		if known := c.flows[[2]netip.AddrPort{from, to}]; known == nil || known.accepted {
			c.flows[[2]netip.AddrPort{from, to}] = &flow{client: from, server: to}
		}
	}
	if sent := c.flows[[2]netip.AddrPort{from, to}]; sent != nil {
		if len(sent.sent) < tracked {
			sent.sent = append(sent.sent, payload...)
		}
		sent.keep(payload, false)
		if len(payload) > 0 && !isAlert(payload) || flags&flagSYN != 0 {
			c.clock++
			sent.active = c.clock
		}
	}
	// The server's answers: by the addresses that the client called, which a service's differ from.
	for _, known := range c.flows {
		if known.client == to && (known.server == from || !known.accepted) {
			known.accepted = known.accepted || flags&flagSYN != 0
			known.reset = known.reset || flags&flagRST != 0
			known.keep(payload, true)
		}
	}
}

// keptPieces is how many packets of a connection are kept: a handshake fits.
const keptPieces = 40

func (f *flow) keep(payload []byte, answer bool) {
	if len(payload) > 0 && len(f.pieces) < keptPieces {
		f.pieces = append(f.pieces, handshake.Piece{Answer: answer, Bytes: bytes.Clone(payload)})
	}
}

// isAlert says that a segment is but a TLS alert, as ends a connection which an
// earlier call has used.
func isAlert(payload []byte) bool {
	const alert, sealed, sealedAlert = 21, 23, 24
	return payload[0] == alert || payload[0] == sealed && len(payload) == sealedAlert
}

// markerPort is in the world, so that the way there leads through the router.
const markerPort = 9

// markerSize is that of a number, which a datagram carries alone.
const markerSize = 8

func (c *recorder) mark(number uint64) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.marked = number
	c.seen.Broadcast()
}

// await sends a datagram after all that a pod has sent, and waits until the
// recorder has read as far.
func (c *recorder) await(marker net.Conn) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	wanted := c.marked + 1
	if _, err := marker.Write(binary.BigEndian.AppendUint64(nil, wanted)); err != nil {
		return err
	}
	for c.marked < wanted {
		c.seen.Wait()
	}
	return nil
}

// now is a moment to ask for what happened since.
func (c *recorder) now() int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.clock
}

// since lists the connections of a client that carried something.
func (c *recorder) since(moment int, client string) []Flow {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	found := []Flow{}
	for _, one := range c.flows {
		if one.active <= moment || one.client.Addr().String() != client {
			continue
		}
		wire, headed := classify(one.sent)
		found = append(found, Flow{
			Client: client, Server: one.server.Addr().String(), Port: int(one.server.Port()),
			Wire: wire, ProxyHeader: headed, Refused: !one.accepted,
		})
	}
	slices.SortFunc(found, func(a, b Flow) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return slices.Compact(found)
}

// piecesSince gives what was sent on the one connection of a client that
// carried something; nil, if there are several.
func (c *recorder) piecesSince(moment int, client string) []handshake.Piece {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var found []*flow
	for _, one := range c.flows {
		if one.active > moment && one.client.Addr().String() == client {
			found = append(found, one)
		}
	}
	if len(found) != 1 {
		return nil
	}
	return slices.Clone(found[0].pieces)
}

var proxyV2 = []byte("\r\n\r\n\x00\r\nQUIT\n")

// classify reads a connection's first bytes.
func classify(sent []byte) (wire Wire, headed bool) {
	switch {
	case bytes.HasPrefix(sent, []byte("PROXY ")):
		if end := bytes.Index(sent, []byte("\r\n")); end >= 0 {
			wire, _ = classify(sent[end+2:])
		}
		return wire, true
	case bytes.HasPrefix(sent, proxyV2) && len(sent) >= 16:
		wire, _ = classify(sent[min(len(sent), 16+int(binary.BigEndian.Uint16(sent[14:]))):])
		return wire, true
	case len(sent) == 0:
		return Silence, false
	case sent[0] != handshake.FirstByte:
		return Plaintext, false
	}
	for _, protocol := range handshake.Offered(sent) {
		if strings.HasPrefix(protocol, "istio") {
			return MeshTLS, false
		}
	}
	return TLS, false
}
