/// The agent: the one process of a device home, and the local API that its faces speak.
///
/// A command finds or starts the agent with [coffer.agent.AgentLauncher] and then uses [coffer.agent.RemoteDevice] as
/// any other [coffer.device.Device]:
///
/// ```java
/// AgentClient agent = new AgentLauncher(home).connect();
/// Device device = new RemoteDevice(agent);
/// device.list("/", false).forEach(node -> System.out.println(node.path()));
/// ```
///
/// Each operation is one `POST /v1/<operation>` on loopback with a JSON object; the answer is a stream of lines, progress
/// and items first, then exactly one result or problem. Ending the connection ends the operation. The classes on the
/// command's side ([coffer.agent.AgentClient] and what it uses) load no server, no cryptography and no database.
@NullMarked
package coffer.agent;

import org.jspecify.annotations.NullMarked;
