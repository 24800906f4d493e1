/** Starts Trino's server class, whose own entry point is not on Maven Central for every version. */
public class Launch {
    public static void main(String[] arguments) throws Exception {
        Class<?> server = Class.forName("io.trino.server.Server");
        server.getMethod("start", String.class).invoke(server.getDeclaredConstructor().newInstance(), arguments[0]);
    }
}
