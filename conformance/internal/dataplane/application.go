//go:build linux

package dataplane

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/handshake"
)

// Arrival is what a server's application says of a call that came to it.
type Arrival struct {
	Server string `json:"server"`
	Port   int    `json:"port"`
	// Encrypted counts the TLS that the application itself has ended.
	Encrypted int `json:"encrypted,omitempty"`
	// ClientCertificate says that the outermost of them had one.
	ClientCertificate bool `json:"clientCertificate,omitempty"`
}

// silence is how long an application waits for its client to speak before it
// speaks itself.
const silence = 300 * time.Millisecond

// application takes calls of every kind, each port by what comes first: TLS
// is ended with a certificate that no mesh's authority has signed, HTTP
// and lines are answered, and whoever says nothing is greeted.
type application struct {
	name  string
	roots *authority
	// ends is how much TLS it ends at most; nil: any.
	ends    *int
	mutex   sync.Mutex
	known   map[string]*tls.Certificate
	http    *queue
	closing []io.Closer
}

func newApplication(name string, roots *authority, ends *int) *application {
	a := &application{name: name, roots: roots, ends: ends, known: map[string]*tls.Certificate{}, http: newQueue()}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{
		Protocols:   protocols,
		ErrorLog:    log.New(io.Discard, "", 0),
		Handler:     http.HandlerFunc(answerHTTP),
		ConnContext: contextOf,
	}
	a.closing = append(a.closing, server, a.http)
	go server.Serve(a.http)
	return a
}

// serve takes calls on one port.
func (a *application) serve(listener net.Listener) {
	a.closing = append(a.closing, listener)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			address := called(conn)
			go a.take(conn, Arrival{Server: a.nameAt(address), Port: int(address.Port())})
		}
	}()
}

// nameAt is the address of the host that was called: in the world any may be.
func (a *application) nameAt(address netip.AddrPort) string {
	if a.name == worldAddress {
		return address.Addr().String()
	}
	return a.name
}

func (a *application) close() {
	for _, one := range a.closing {
		one.Close()
	}
}

// called is the address that was called, before the world's rule led the call
// elsewhere.
func called(conn net.Conn) netip.AddrPort {
	own := conn.LocalAddr().(*net.TCPAddr).AddrPort()
	if own.Port() != worldPort {
		return own
	}
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		return own
	}
	raw.Control(func(fd uintptr) {
		var asked unix.RawSockaddrInet4
		size := uint32(unsafe.Sizeof(asked))
		_, _, failed := unix.Syscall6(unix.SYS_GETSOCKOPT, fd, unix.SOL_IP, unix.SO_ORIGINAL_DST, uintptr(unsafe.Pointer(&asked)), uintptr(unsafe.Pointer(&size)), 0)
		if failed == 0 {
			own = netip.AddrPortFrom(netip.AddrFrom4(asked.Addr), networkOrder(asked.Port))
		}
	})
	return own
}

// arrived is a connection whose first bytes have been looked at.
type arrived struct {
	net.Conn
	reader *bufio.Reader
	Arrival
}

func (c *arrived) Read(p []byte) (int, error) { return c.reader.Read(p) }

func (a *application) take(conn net.Conn, arrival Arrival) {
	c := &arrived{conn, bufio.NewReader(conn), arrival}
	conn.SetReadDeadline(time.Now().Add(silence))
	first, err := c.reader.Peek(1)
	conn.SetReadDeadline(time.Now().Add(callTime))
	switch {
	case isTimeout(err):
		a.answer(c)
	case err != nil:
		conn.Close()
	case first[0] == handshake.FirstByte && a.ends != nil && c.Encrypted >= *a.ends:
		// To a server that expects none this is a bad request.
		a.http.hand(c)
	case first[0] == handshake.FirstByte:
		a.decrypt(c)
	case a.skipHeader(c):
		a.take(c, c.Arrival)
	default:
		a.speak(c)
	}
}

func isTimeout(err error) bool {
	var failed net.Error
	return errors.As(err, &failed) && failed.Timeout()
}

// skipHeader takes a PROXY protocol header away, and says whether there was
// one.
func (a *application) skipHeader(c *arrived) bool {
	start, _ := c.reader.Peek(6)
	if bytes.Equal(start, []byte("PROXY ")) {
		_, err := c.reader.ReadString('\n')
		return err == nil
	}
	if !bytes.HasPrefix(proxyV2, start) {
		return false
	}
	header, err := c.reader.Peek(16)
	if err != nil || !bytes.HasPrefix(header, proxyV2) {
		return false
	}
	_, err = c.reader.Discard(16 + int(header[14])<<8 + int(header[15]))
	return err == nil
}

func (a *application) decrypt(c *arrived) {
	ended := tls.Server(c, &tls.Config{
		ClientAuth: tls.RequestClientCert,
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			return a.certificate(hello.ServerName)
		},
	})
	if err := ended.Handshake(); err != nil {
		c.Close()
		return
	}
	next := c.Arrival
	if next.Encrypted == 0 {
		next.ClientCertificate = len(ended.ConnectionState().PeerCertificates) > 0
	}
	next.Encrypted++
	a.take(ended, next)
}

// certificate is one for the name that the client asks for.
func (a *application) certificate(name string) (*tls.Certificate, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if known := a.known[name]; known != nil {
		return known, nil
	}
	made, err := a.roots.host(name)
	if err != nil {
		return nil, err
	}
	a.known[name] = made.tls()
	return a.known[name], nil
}

var requestLines = []string{"GET ", "PRI "}

func (a *application) speak(c *arrived) {
	start, err := c.reader.Peek(4)
	if err == nil {
		for _, line := range requestLines {
			if string(start) == line {
				c.SetReadDeadline(time.Time{})
				a.http.hand(c)
				return
			}
		}
	}
	line, err := c.reader.ReadString('\n')
	switch {
	case err == nil && line == callLine:
		a.answer(c)
	case err == nil && line == keepLine:
		a.answerAll(c)
	default:
		c.Close()
	}
}

// answer says in one line what arrived.
func (a *application) answer(c *arrived) {
	defer c.Close()
	a.say(c)
}

func (a *application) say(c *arrived) error {
	text, _ := json.Marshal(c.Arrival)
	_, err := fmt.Fprintf(c, "%s\n", text)
	return err
}

// answerAll answers a line after the other, until the client ends the
// connection.
func (a *application) answerAll(c *arrived) {
	defer c.Close()
	c.SetDeadline(time.Time{})
	for line := keepLine; line == keepLine; {
		if err := a.say(c); err != nil {
			return
		}
		line, _ = c.reader.ReadString('\n')
	}
}
