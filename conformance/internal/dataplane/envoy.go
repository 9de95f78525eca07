//go:build linux

package dataplane

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// adminPort is where a proxy tells how it is, to its own pod only.
const adminPort = 15000

// proxyID is whom the sidecar runs as.
const proxyID = 1337

// startTime is how long a proxy may take to be ready.
const startTime = 20 * time.Second

// envoy is a running proxy.
type envoy struct {
	log   bytes.Buffer
	ended chan error
}

// configFile is where a proxy finds its configuration, in its pod alone.
const configFile = "/run/envoy.json"

// startEnvoy runs a proxy in a pod's namespace, and dies with it.
func startEnvoy(pod *namespace, binary string, configuration []byte) (*envoy, error) {
	program, err := os.Open(binary)
	if err != nil {
		return nil, err
	}
	defer program.Close()
	e := &envoy{ended: make(chan error, 1)}
	// The proxy's user may not read the folder that the binary lies in.
	command := exec.Command("/proc/self/fd/3", "--config-path", configFile, "--concurrency", "1",
		"--disable-hot-restart", "--file-flush-interval-msec", "20", "--log-level", "error", "--log-format", "%v")
	command.ExtraFiles = []*os.File{program}
	command.Stderr = &e.log
	command.SysProcAttr = &syscall.SysProcAttr{
		Credential: &syscall.Credential{Uid: proxyID, Gid: proxyID},
		Pdeathsig:  syscall.SIGKILL,
	}
	err = pod.do(func() error {
		for name, content := range map[string][]byte{configFile: configuration, accessLog: nil, keyLog: nil} {
			if err := os.WriteFile(name, content, 0o600); err != nil {
				return err
			}
			if err := os.Chown(name, proxyID, proxyID); err != nil {
				return err
			}
		}
		return command.Start()
	})
	if err != nil {
		return nil, fmt.Errorf("starting Envoy: %w", err)
	}
	go func() { e.ended <- command.Wait() }()
	return e, nil
}

var errNotReady = errors.New("Envoy isn't ready in time")

// ready waits until the proxy takes calls, and tells why if it never will.
func (e *envoy) ready(pod *namespace) error {
	for deadline := time.Now().Add(startTime); time.Now().Before(deadline); {
		select {
		case <-e.ended:
			return fmt.Errorf("Envoy refuses its configuration: %s", strings.TrimSpace(e.log.String()))
		case <-time.After(20 * time.Millisecond):
		}
		if _, err := pod.ask(http.MethodGet, "/ready"); err == nil {
			return nil
		}
	}
	return errNotReady
}

// ask asks the admin interface of a pod's proxy.
func (n *namespace) ask(method, path string) ([]byte, error) {
	conn, err := n.dial(fmt.Sprintf("127.0.0.1:%d", adminPort), time.Second)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Second))
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: admin\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", method, path)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("a proxy answers %s with %s", path, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

// dial makes a connection from the namespace.
func (n *namespace) dial(address string, timeout time.Duration) (conn net.Conn, err error) {
	err = n.do(func() error {
		conn, err = (&net.Dialer{Timeout: timeout, KeepAlive: -1}).Dial("tcp4", address)
		return err
	})
	return conn, err
}

func (n *namespace) listenPacket(port int) (conn net.PacketConn, err error) {
	err = n.do(func() error {
		conn, err = net.ListenPacket("udp4", fmt.Sprintf("%s:%d", worldAddress, port))
		return err
	})
	return conn, err
}

func (n *namespace) listen(port int) (listener net.Listener, err error) {
	err = n.do(func() error {
		listener, err = net.Listen("tcp4", fmt.Sprintf(":%d", port))
		return err
	})
	return listener, err
}
